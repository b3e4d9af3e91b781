"""`charterline messages check`: how large a text is, which signs are replaced, and who carries it whole."""

import json

import click

from commands.messages_shown import Entry
from commands.shared import AS_JSON_OBJECT
from config.files import MESSAGES, PROVIDERS, read_file, read_folder
from ivr.messages.fields import BadText
from ivr.messages.providers import load_providers
from ivr.messages.reading import load_texts
from ivr.messages.register import LONGEST_SAMPLE
from ivr.messages.signs import mend, not_carried
from ivr.messages.size import measure
from ivr.messages.texts import framed


@click.command("check")
@click.argument("text", required=False)
@click.option("--template", "template_id", help="Check this template of sms.toml with long values instead.")
@AS_JSON_OBJECT
def check_text(text: str | None, template_id: str | None, *, as_json: bool) -> None:
    """Measure a TEXT as it would be sent; status 1 when it is too long for any message."""
    if (text is None) == (template_id is None):
        raise click.UsageError('give either a text in quotation marks or --template, like: messages check "안녕하세요"')
    entry = _entry(text if text is not None else _sample(template_id or ""))
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else _in_words(entry))
    if entry["kind"] == "too long":
        raise SystemExit(1)


def _sample(template_id: str) -> str:
    try:
        template = load_texts(read_folder(MESSAGES)).template(template_id)
    except BadText as error:
        raise click.ClickException(str(error)) from None
    body = template.fill(**{name: LONGEST_SAMPLE[name] for name in template.fields})
    return framed(template, body, sender=LONGEST_SAMPLE["institution"], refusal="080-1000-0001")


def _entry(text: str) -> Entry:
    mended = mend(text)
    size = measure(mended.text)
    known = load_providers(read_file(PROVIDERS))
    return {
        "text": mended.text,
        "characters": size.characters,
        "bytes": size.cp949_bytes,
        "kind": size.kind,
        "segments": size.segments,
        "replaced": list(mended.replaced),
        "not_carried": {name: list(not_carried(mended.text, terms.carries)) for name, terms in known.providers.items()},
    }


def _in_words(entry: Entry) -> str:
    lines = [
        entry["text"],
        "",
        f"{entry['kind']}: {entry['bytes']} bytes of CP949, {entry['characters']} signs, {entry['segments']} segments",
    ]
    if entry["replaced"]:
        lines.append(f"replaced or left out: {' '.join(entry['replaced'])}")
    lines += [f"{name} does not carry: {' '.join(signs)}" for name, signs in entry["not_carried"].items() if signs]
    return "\n".join(lines)
