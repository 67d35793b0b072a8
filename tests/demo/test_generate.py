from pathlib import Path

from demo.generate import generate
from demo.truth import Truth


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_the_same_truth(world: tuple[Path, Truth], tmp_path: Path) -> None:
    again = generate(tmp_path, scale=world[1].scale)

    assert again == world[1]
    assert contents(tmp_path) == contents(world[0])


def test_another_seed_gives_another_world(world: tuple[Path, Truth], tmp_path: Path) -> None:
    other = generate(tmp_path, seed=8, scale=world[1].scale)

    assert other.figures != world[1].figures
    assert other.defects.keys() == world[1].defects.keys()


def test_what_was_generated_before_is_replaced(tmp_path: Path) -> None:
    generate(tmp_path, scale=0.05)
    stray = tmp_path / "sources" / "0991" / "ledger" / "posteringer_2022-01.csv"
    stray.write_text("left over")
    generate(tmp_path, scale=0.05)

    assert not stray.exists()


def test_every_file_a_municipality_names_is_there(world: tuple[Path, Truth]) -> None:
    import yaml

    for path in (world[0] / "config").rglob("sources.yml"):
        for section in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            if isinstance(section, dict) and "streams" in section:
                folder = path.parent / section["folder"]
                for pattern in [stream["files"] for stream in section["streams"].values()]:
                    assert list(folder.glob(pattern)), (path, pattern)
