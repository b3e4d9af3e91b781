"""The table makers: small declarations and documents in, the tables' shape out; the tables kept are sound."""

import io
import tarfile
from pathlib import Path

import pytest

from .generate import REST_PACKAGE, TABLES, TWIML_PACKAGE, member
from .rest_table import rest_table, validator
from .spec_tables import trim_rest
from .twiml_table import table
from .twiml_tables import parse_twiml

DECLARATIONS = """
declare class ToyResponse extends TwiML {
    ask(attributes?: ToyResponse.AskAttributes): ToyResponse.Ask;
    tell(words: string): ToyResponse.Tell;
    tell(attributes: ToyResponse.TellAttributes, words: string): ToyResponse.Tell;
}
declare namespace ToyResponse {
    type AskMode = "key" | "voice";
    type Unused = "x";
    export interface AskAttributes {
        mode?: AskMode[];
        "xml:lang"?: string;
    }
    interface TellAttributes {
        loop?: number;
    }
    class Ask extends TwiML {
        tell(words?: string): ToyResponse.Tell;
    }
    class Tell extends TwiML {
        sayAs(words: string): ToyResponse.SsmlSayAs;
    }
    class SsmlSayAs extends TwiML {
    }
}
"""


def test_declarations_become_elements_attributes_and_the_enumerations_in_use() -> None:
    assert parse_twiml(DECLARATIONS) == {
        "elements": {
            "Response": {"attributes": {}, "children": {"Ask": "Ask", "Tell": "Tell"}, "text": "none"},
            "Ask": {
                "attributes": {"mode": "AskMode[]", "xml:lang": "string"},
                "children": {"Tell": "Tell"},
                "text": "none",
            },
            "Tell": {
                "attributes": {"loop": "number"},
                "children": {"say-as": "SsmlSayAs"},
                "text": "required",
            },
            "SsmlSayAs": {"attributes": {}, "children": {}, "text": "required"},
        },
        "enumerations": {"AskMode": ["key", "voice"]},
    }


def answer(schema: object, *examples: object) -> dict[str, object]:
    named = {f"e{place}": {"value": value} for place, value in enumerate(examples)}
    return {"content": {"application/json": {"schema": schema, "examples": named}}}


def test_the_documents_examples_decide_what_is_required_nullable_and_known() -> None:
    call = {
        "properties": {
            "sid": {"type": "string", "description": "prose"},
            "end": {"type": "string"},
            "url": {"type": "string", "format": "uri"},
            "price": {"type": "number"},
        }
    }
    first = {"sid": "1", "end": None, "url": "", "price": "-0.01"}
    second = {"sid": "2", "url": None, "more": 1}
    get = {"responses": {"200": answer({"$ref": "#/x/call"}, first, second)}}
    document = {
        "paths": {"/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json": {"get": get}, "/other": {"get": get}},
        "components": {"schemas": {"call": {"type": "object", **call}}},
    }
    trimmed = trim_rest(document)
    assert list(trimmed["paths"]) == ["/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"]
    assert trimmed["schemas"]["call"] == {
        "type": "object",
        "properties": {
            "sid": {"type": "string"},
            "end": {"type": ["string", "null"]},
            "url": {"anyOf": [{"type": "string", "format": "uri"}, {"const": ""}, {"type": "null"}]},
            "price": {"type": ["number", "string", "null"]},
            "more": {},
            "subresource_uris": {"type": "object"},
        },
        "additionalProperties": False,
        "required": ["sid", "url"],
    }


@pytest.mark.parametrize("name", ["rest.json", "twiml.json"])
def test_a_kept_table_is_small(name: str) -> None:
    assert 20_000 < (TABLES / name).stat().st_size < 300_000


def test_the_kept_tables_name_the_pinned_packages() -> None:
    assert rest_table()["source"] == REST_PACKAGE.label
    assert TWIML_PACKAGE.label in (TABLES / "twiml.json").read_text(encoding="utf-8")


def test_the_kept_tables_hold_every_resource_and_verb_that_we_use() -> None:
    templates = " ".join(rest_table()["paths"])
    for resource in ("Calls", "Messages", "Queues", "Members", "Conferences", "Participants", "Recordings"):
        assert f"/{resource}" in templates
    assert "IncomingPhoneNumbers" in templates
    assert {"Say", "Play", "Gather", "Enqueue", "Leave", "Dial", "Record"} <= set(table("voice").elements)


def test_every_kept_schema_compiles() -> None:
    for template, operations in rest_table()["paths"].items():
        for method, operation in operations.items():
            parts = ["path", "query", *operation["responses"], *(["form"] if "form" in operation else [])]
            for part in parts:
                if compiled := validator(template, method, part):
                    compiled.check_schema(compiled.schema)


def test_a_file_is_read_out_of_an_npm_tarball(tmp_path: Path) -> None:
    source = tmp_path / "x.d.ts"
    source.write_text("declare", encoding="utf-8")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(source, "package/lib/x.d.ts")
    assert member(packed.getvalue(), "lib/x.d.ts") == "declare"
    with pytest.raises(KeyError):
        member(packed.getvalue(), "lib/y.d.ts")
