"""What tables to take away are called: in words, also those that the page does without."""

from __future__ import annotations

import pytest

from nabolag.core import LANGS, Level
from nabolag.publish.views.analyses import analysis_page
from nabolag.publish.views.analyses.common import unshown_title
from tests.analysis.peers.test_trends import peers
from tests.support.sample import write_sample_release

#: Tables that a page leaves out, always or where there is nothing to show.
UNSHOWN = {
    "index": ("groups", "changes"),
    "development": ("scores",),
    "peers": ("traits", "trends"),
    "inequality": ("measures", "curve", "parts", "gaps"),
    "regions": ("overlap",),
    "segregation": ("indices", "contacts", "parts", "changes"),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("kind", "table"), [(k, t) for k, ts in UNSHOWN.items() for t in ts])
def test_a_table_the_page_leaves_out_has_a_name_in_words(kind: str, table: str, lang: str) -> None:
    told = unshown_title(kind, table, lang)
    assert told
    assert told != table
    assert told[0].isupper()


@pytest.mark.parametrize("lang", LANGS)
def test_no_file_is_called_by_the_name_of_its_table(tmp_path, lang: str) -> None:
    spec = peers(level=Level.DELBYDEL, traits=("crowded", "tenants"), against=("municipality",),
                 indicators=("tenants",))  # fmt: skip
    release = write_sample_release(tmp_path, analyses=[spec])
    view = analysis_page(release, spec.id, lang)
    titles = {table.name: table.title for table in view.downloads}
    assert set(titles) == {"neighbours", "traits", "trends"}
    assert {name for name, title in titles.items() if title == name} == set()
