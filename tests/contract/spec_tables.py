"""Trims the v2010 OpenAPI document to the resources we use, as JSON Schema 2020-12 without prose."""

import re
from collections.abc import Iterator
from typing import Any  # OpenAPI is free-form JSON; every look-up is checked by the generated table's tests

Schema = dict[str, Any]

_FAMILY = re.compile(
    r"^/2010-04-01/Accounts(\.json|/\{Sid\}\.json|/\{AccountSid\}/"
    r"(Calls|Messages|Queues|Conferences|Recordings|IncomingPhoneNumbers)"
    r"(\.json|/\{\w+\}\.json|/\{\w+\}/(Members|Participants|Recordings|Transcriptions)(\.json|/\{\w+\}\.json)))$"
)
_METHODS = ("get", "post", "delete")
_KEPT = ("type", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum")
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


class _Trimmer:
    """Converts schemas and remembers which component schemas were used."""

    def __init__(self, document: Schema) -> None:
        self.components: Schema = document["components"]["schemas"]
        self.schemas: dict[str, Schema] = {}

    def convert(self, schema: Schema) -> Schema:
        """OpenAPI 3.0 to JSON Schema; enumerations inlined, objects kept by reference."""
        if "$ref" in schema:
            return self._reference(schema["$ref"].rsplit("/", 1)[1])
        kept: Schema = {key: schema[key] for key in _KEPT if key in schema}
        if "properties" in schema:
            kept["properties"] = {name: self.convert(one) for name, one in schema["properties"].items()}
            kept["additionalProperties"] = False
        if "items" in schema:
            kept["items"] = self.convert(schema["items"])
        if "required" in schema:
            kept["required"] = sorted(schema["required"])
        return nullable(kept) if schema.get("nullable") else kept

    def _reference(self, name: str) -> Schema:
        target = self.components[name]
        if "properties" not in target:
            return self.convert(target)
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name].update(self.convert(target))
            # Links to sub-resources: on some resources the document leaves them out.
            self.schemas[name]["properties"].setdefault("subresource_uris", {"type": "object"})
        return {"$ref": f"#/schemas/{name}"}

    def operation(self, operation: Schema) -> Schema:
        """Path parameters, query or form, and answers by status of one operation."""
        parameters = operation.get("parameters", [])
        trimmed: Schema = {
            "path": {p["name"]: self.convert(p["schema"]) for p in parameters if p["in"] == "path"},
            "query": {p["name"]: self.convert(p["schema"]) for p in parameters if p["in"] == "query"},
            "responses": {},
        }
        form = operation.get("requestBody", {}).get("content", {}).get(_FORM)
        if form:
            trimmed["form"] = self.convert(form["schema"])
            trimmed["encoding"] = _array_encoding(trimmed["form"])
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get(_JSON)
            trimmed["responses"][status] = self.convert(content["schema"]) if content else None
        return trimmed


def _array_encoding(form: Schema) -> Schema:
    # The document omits this, and without it a repeated parameter counts as "not an array".
    arrays = [name for name, one in form.get("properties", {}).items() if one.get("type") == "array"]
    return {name: {"style": "form", "explode": True} for name in arrays}


def nullable(schema: Schema) -> Schema:
    """The same schema, null allowed; a schema without a type allows null already."""
    if "$ref" in schema or "anyOf" in schema:
        accepted = schema.get("anyOf", [schema])
        return {"anyOf": accepted if {"type": "null"} in accepted else [*accepted, {"type": "null"}]}
    widened = dict(schema)
    if isinstance(schema.get("type"), str):
        widened["type"] = [schema["type"], "null"]
    if "enum" in schema and None not in schema["enum"]:
        widened["enum"] = [*schema["enum"], None]
    return widened


def _examples(operation: Schema) -> Iterator[tuple[str, Any]]:
    for status, answer in operation["responses"].items():
        for example in answer.get("content", {}).get(_JSON, {}).get("examples", {}).values():
            yield status, example["value"]


class _Examples:
    """What the document's own examples tell beyond its schemas: keys always present or unlisted, nulls, blanks."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas
        self.always: dict[int, tuple[Schema, set[str]]] = {}

    def learn(self, schema: Schema | None, example: Any) -> None:
        """Widens `schema` where the example shows more than it says."""
        target = self._resolve(schema)
        if "properties" not in target or not isinstance(example, dict):
            return
        for name, value in example.items():
            self._property(target["properties"], name, value)
        _, common = self.always.setdefault(id(target), (target, set(example)))
        common &= set(example)

    def _resolve(self, schema: Schema | None) -> Schema:
        if schema and "$ref" in schema:
            return self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema or {}

    def _property(self, properties: Schema, name: str, value: Any) -> None:
        one = properties.setdefault(name, {})
        if value is None:
            properties[name] = nullable(one)
        elif value == "" and ("pattern" in one or "format" in one):
            properties[name] = {"anyOf": [one, {"const": ""}]}
        elif isinstance(value, str) and "number" in one.get("type", ()):
            properties[name] = {**one, "type": ["number", "string", "null"]}
        elif isinstance(value, list) and "items" in one:
            for item in value:
                self.learn(one["items"], item)

    def require(self) -> None:
        """Marks as required what every example carries."""
        for target, common in self.always.values():
            target["required"] = sorted(common)


def trim_rest(document: Schema) -> Schema:
    """`paths` (template -> method -> operation) and `schemas` of the resources we use.

    Answers are closed (no unlisted property) and ask for every property that all of the document's own
    examples carry, since a client may read any of them.
    """
    trimmer = _Trimmer(document)
    examples = _Examples(trimmer.schemas)
    paths: Schema = {}
    for template in filter(_FAMILY.match, document["paths"]):
        item = document["paths"][template]
        paths[template] = {m.upper(): trimmer.operation(item[m]) for m in _METHODS if m in item}
    for template, operations in paths.items():
        for method, trimmed in operations.items():
            for status, value in _examples(document["paths"][template][method.lower()]):
                examples.learn(trimmed["responses"][status], value)
    examples.require()
    return {"paths": paths, "schemas": trimmer.schemas}
