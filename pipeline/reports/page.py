"""Reports as HTML pages, made from the templates beside this module; nothing in them comes from outside."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES: Final = Environment(
    loader=PackageLoader("pipeline.reports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def figure(value: float) -> str:
    """A measured number, four digits."""
    return f"{value:.4g}"


def plain(name: str) -> str:
    """A name of the code as words."""
    return name.replace("_", " ")


TEMPLATES.filters.update(figure=figure, plain=plain, count="{:,}".format, percent="{:.1%}".format)


def page(template: str, **values: Any) -> str:
    """The page that ``templates/TEMPLATE.html`` makes of ``values``; a value that is missing is an error."""
    return TEMPLATES.get_template(f"{template}.html").render(values)
