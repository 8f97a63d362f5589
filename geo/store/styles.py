"""How QGIS shows the tables of a plan: colours, names of fields, lists of values."""

from collections.abc import Iterator
from typing import Final

from beltmap.geo.charter.charter import Charter
from beltmap.geo.charter.force import under
from beltmap.geo.export.formats.qml import layer_style, plan_style
from beltmap.geo.store.making import views
from beltmap.geo.store.tables import GEOMETRY, VERSION, ZONES

TABLE: Final = """
create table if not exists public.layer_styles (
  id serial primary key,
  f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
  f_geometry_column varchar, stylename text, styleqml xml, stylesld xml,
  useasdefault boolean, description text, owner varchar(63) default current_user,
  ui xml, update_time timestamp default current_timestamp, type varchar
)
"""
"""The table in which QGIS looks for the styles of a database."""

INSERT: Final = """
insert into public.layer_styles (f_table_catalog, f_table_schema, f_table_name,
  f_geometry_column, stylename, styleqml, useasdefault, description)
values (current_database(), %s, %s, %s, 'beltmap', %s, true, 'beltmap')
"""


def styles_sql(schema: str, charter: Charter) -> Iterator[tuple[str, tuple[str, ...]]]:
    """
    Write the default style of the zones and of each view of a kind.

    Parameters
    ----------
    schema
        Schema of the plan.
    charter
        What the plan says of itself.

    Yields
    ------
    sql, values
        Statements and what fills them.
    """
    columns = [name for name in ZONES.columns if name != GEOMETRY]
    names = {name: name for name in columns}
    yield TABLE, ()
    # those that someone made in QGIS stay
    yield (
        (
            "delete from public.layer_styles"
            " where f_table_schema = %s and description = 'beltmap'"
        ),
        (schema,),
    )
    with under(charter):
        style = plan_style(charter, columns, names, version=VERSION)
        yield INSERT, (schema, ZONES.name, GEOMETRY, style)
        for view, kind in views(charter).items():
            style = layer_style(kind, columns, names, version=VERSION)
            yield INSERT, (schema, view, GEOMETRY, style)
