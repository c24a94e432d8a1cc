"""A small disk that fills up: under PostgreSQL's data directory, and under the folder of the demo on SQLite."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from tests.faults.clients import Load
from tests.faults.count import Result
from tests.faults.house import until
from tests.faults.kinds import Scene
from tests.faults.sqlite import served

ROOM_MB = 64
FULL_S = 3.0
SHARES = (0.25, 0.6)


class SmallDisk:
    """A file system in memory, mounted for the block. It has room, or none: its size is set to what it holds."""

    def __init__(self, folder: Path) -> None:
        """Where it is mounted; made if it is not there."""
        self.folder = folder

    def __enter__(self) -> SmallDisk:
        """Mount it. Raises CalledProcessError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "nrs-faults", str(self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        """Unmount it, whoever still looks into it."""
        _run("umount", "-l", str(self.folder))

    @property
    def used(self) -> int:
        """Bytes."""
        seen = os.statvfs(self.folder)
        return (seen.f_blocks - seen.f_bfree) * seen.f_frsize

    def fill(self) -> None:
        """From now on there is no room. What is freed meanwhile may be used again, as on any disk."""
        while True:
            size = self.used
            try:
                _run("mount", "-o", f"remount,size={size}", str(self.folder))
                return
            except subprocess.CalledProcessError:  # it grew in this moment
                time.sleep(0.01)

    def give_room(self) -> None:
        """Some megabytes more than it holds."""
        _run("mount", "-o", f"remount,size={self.used + (ROOM_MB << 20)}", str(self.folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def missing() -> str:
    """Why no disk can be mounted here, '' if it can."""
    try:
        with tempfile.TemporaryDirectory(prefix="nrs-disk-") as name, SmallDisk(Path(name)) as disk:
            disk.fill()
    except (subprocess.CalledProcessError, OSError):
        return "nothing may be mounted on this machine (it takes root)"
    return ""


def postgres_full(scene: Scene) -> None:
    """The disk under PostgreSQL's data directory is full, twice, under load, until there is room again."""
    cluster, load = scene.house.postgres, scene.load

    def is_back() -> bool:
        if not cluster.runs():  # its log had no room, so it ended: whoever keeps servers running starts it
            scene.result.remarks.append("PostgreSQL had ended and was started again")
            cluster.start()
        return bool(load.first_good_after)

    scene.at(0.05)
    with SmallDisk(cluster.folder / "small") as disk:
        os.chown(disk.folder, cluster.folder.stat().st_uid, cluster.folder.stat().st_gid)
        cluster.move_to(disk.folder / "data")
        try:
            for share in SHARES:
                scene.at(share)
                scene.result.faults += _full_until_noticed(disk, load)
                scene.returned()
                until(is_back, "no good answer after there was room again", 60)
                scene.result.back_s = max(scene.result.back_s, load.back_after)
        finally:
            disk.give_room()
            cluster.move_home()


def _full_until_noticed(disk: SmallDisk, load: Load) -> int:
    """1; AssertionError if all calls are answered although there is no room."""
    refused = load.refused
    disk.fill()
    until(lambda: load.refused > refused, "nobody noticed that the disk is full", 90)
    time.sleep(FULL_S)
    disk.give_room()
    return 1


def sqlite_full(folder: Path, writes: int, back_within_s: float) -> Result:
    """The disk under the demo's folder, SQLite's file in it, is full, twice, under load, until there is room again."""
    result = Result("sqlite-full", " ".join((sqlite_full.__doc__ or "").split()), back_within_s=back_within_s)
    with SmallDisk(folder / "sqlite-full") as disk, served(disk.folder / "var", result, writes) as load:
        load.start()
        for share in SHARES:
            load.wait_for(share)
            result.faults += _full_until_noticed(disk, load)
            load.mark()
            until(lambda: load.first_good_after, "no good answer after there was room again", 60)
            result.back_s = round(max(result.back_s, load.back_after), 1)
        load.finish()
    return result
