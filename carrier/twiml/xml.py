"""Reading XML from outside safely: no document type, so neither entities nor external files."""

import xml.etree.ElementTree as ElementTree
from xml.parsers import expat


class Unparsable(ValueError):
    """The text is not an XML document that we take; says where and why."""


def read_xml(body: bytes) -> ElementTree.Element:
    """Return the root element; raises `Unparsable` for bad XML and for any DOCTYPE."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        builder.start(name, attributes)

    def refuse(*_: object) -> None:
        raise Unparsable("a DOCTYPE is not allowed in TwiML: remove it")

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Unparsable(f"not XML: {error}") from None
    return builder.close()
