"""The files that put the service on a machine: what they promise is held here, as far as files can tell."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from spmatch.cli import build_parser
from spmatch.web.settings import ServiceSettings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"
STOP_SECONDS = ServiceSettings.model_fields["stop_seconds"].default

Unit = dict[str, list[str]]


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, the rest), continued lines put together."""
    text = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE))
    return [
        (word, rest)
        for word, _, rest in (line.partition(" ") for line in text.splitlines())
        if word
    ]


def of_kind(word: str) -> list[str]:
    return [rest for one, rest in instructions() if one == word]


def unit(name: str) -> Unit:
    """Every setting of a unit, in the order of its values."""
    found: Unit = {}
    for line in read(name).splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return loaded


def toml() -> dict[str, Any]:
    return tomllib.loads(read("service.toml"))


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


# The image


def test_the_base_is_a_version_of_python_on_a_named_debian() -> None:
    assert of_kind("ARG") == ["PYTHON_IMAGE=python:3.11-slim-bookworm"]


def test_every_stage_is_made_from_that_base_or_another_stage() -> None:
    bases = [rest.split(" AS ") for rest in of_kind("FROM")]
    known = {"${PYTHON_IMAGE}"}
    for base, name in bases:
        assert base in known
        known.add(name)


def test_a_build_without_a_target_makes_the_service() -> None:
    assert of_kind("FROM")[-1] == "runtime AS service"


def test_it_runs_as_a_user_by_number_who_is_not_root() -> None:
    assert of_kind("USER") == ["10001:10001"]


def test_everything_is_installed_by_the_pinned_versions() -> None:
    installs = re.findall(r"pip install [^&]*", " ".join(of_kind("RUN")))
    assert len(installs) == 2
    assert all("-c constraints.txt" in one for one in installs)


def test_no_secret_is_built_in() -> None:
    built_in = " ".join([*of_kind("ARG"), *of_kind("ENV"), *of_kind("COPY")])
    assert not re.search(r"secret|password|token|keys\.json|spm_", built_in, re.IGNORECASE)


def sent_to_the_builder(path: str) -> bool:
    """Whether .dockerignore lets a path of the repository through: the last line that fits decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = [path, *map(str, Path(path).parents)]
        if any(fnmatch(part, pattern) or fnmatch(Path(part).name, pattern) for part in parts[:-1]):
            ignored = not line.startswith("!")
    return not ignored


@pytest.mark.parametrize(
    "path", [".git/config", "tests/making.py", ".venv/pyvenv.cfg", "keys.json", "deploy"]
)
def test_what_the_image_does_not_need_is_not_sent_to_the_builder(path: str) -> None:
    assert not sent_to_the_builder(path)


def test_everything_that_the_wheel_is_made_of_is_sent_to_the_builder() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forced = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    wanted = [
        *forced,
        "src/spmatch/matcher.py",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "constraints.txt",
    ]
    assert [
        path for path in wanted if not (ROOT / path).exists() or not sent_to_the_builder(path)
    ] == []


def test_every_path_that_is_copied_exists() -> None:
    copied = [rest.split()[:-1] for rest in of_kind("COPY") if not rest.startswith("--from")]
    assert [path for paths in copied for path in paths if not (ROOT / path).exists()] == []


def test_its_health_is_asked_where_it_listens() -> None:
    (check,), (port,) = of_kind("HEALTHCHECK"), of_kind("EXPOSE")
    assert f"http://127.0.0.1:{port}/livez" in check


def test_every_command_is_in_exec_form() -> None:
    assert all(rest.startswith("[") for rest in [*of_kind("ENTRYPOINT"), *of_kind("CMD")])


def test_by_itself_it_serves_to_everybody_who_has_a_key() -> None:
    command = json.loads(of_kind("CMD")[0])
    arguments = build_parser().parse_args(command)
    assert (arguments.command, arguments.host) == ("serve", "0.0.0.0")
    assert arguments.keys == "/var/lib/spmatch/keys/keys.json"


def test_no_library_sends_anything_to_its_maker() -> None:
    (environment,) = of_kind("ENV")[-1:]
    assert "ORT_DISABLE_TELEMETRY=1" in environment.split()
    assert compose()["services"]["spmatch"]["environment"]["ORT_DISABLE_TELEMETRY"] == "1"
    for name in ("spmatch.service", "spmatch-snapshot.service"):
        assert "ORT_DISABLE_TELEMETRY=1" in unit(name)["Environment"]


# Compose


@pytest.mark.parametrize("name", ["spmatch", "proxy", "snapshot", "keys"])
def test_every_container_is_confined(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}


def test_only_the_proxy_is_published() -> None:
    services = compose()["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]


def test_the_service_has_no_way_out() -> None:
    found = compose()
    assert found["services"]["spmatch"]["networks"] == ["inside"]
    assert found["networks"]["inside"] == {"internal": True}


def test_the_service_can_write_to_no_volume() -> None:
    assert all(volume.endswith(":ro") for volume in compose()["services"]["spmatch"]["volumes"])


def test_the_service_has_no_swap() -> None:
    service = compose()["services"]["spmatch"]
    assert service["memswap_limit"] == service["mem_limit"]


def test_it_has_longer_to_stop_than_it_takes() -> None:
    assert seconds(compose()["services"]["spmatch"]["stop_grace_period"]) > STOP_SECONDS


def test_compose_serves_from_what_it_mounts() -> None:
    service = compose()["services"]["spmatch"]
    arguments = build_parser().parse_args(service["command"])
    mounted = [volume.split(":")[1] for volume in service["volumes"]]
    assert [arguments.snapshot, str(Path(arguments.keys).parent)] == mounted


def test_compose_builds_into_what_the_service_reads() -> None:
    services = compose()["services"]
    built = build_parser().parse_args(services["snapshot"]["command"])
    assert built.out == build_parser().parse_args(services["spmatch"]["command"]).snapshot


@pytest.mark.parametrize("name", ["snapshot", "keys"])
def test_the_tools_have_no_network_and_do_not_start_by_themselves(name: str) -> None:
    tool = compose()["services"][name]
    assert (tool["network_mode"], tool["profiles"]) == ("none", ["tools"])


# Proxies


def test_caddy_asks_the_service_of_compose() -> None:
    (port,) = compose()["services"]["spmatch"]["expose"]
    assert f"\n\treverse_proxy spmatch:{port} {{" in read("Caddyfile")


def test_caddy_writes_no_line_for_a_request() -> None:
    assert not re.search(r"^\s*log\b", read("Caddyfile"), re.MULTILINE)


def test_caddy_lets_a_batch_be_answered_while_it_is_sent() -> None:
    assert "\t\tenable_full_duplex\n" in read("Caddyfile")


def test_nginx_writes_no_body_to_a_file() -> None:
    places = re.findall(r"location [^{]*\{([^}]*proxy_pass[^}]*)\}", read("nginx.conf"))
    assert len(places) == 2
    for setting in (
        "proxy_request_buffering off;",
        "proxy_buffering off;",
        "proxy_max_temp_file_size 0;",
    ):
        assert all(setting in place for place in places)


def test_nginx_logs_nothing_that_was_sent_and_nobody_who_sent_it() -> None:
    (logged,) = re.findall(r"^log_format spmatch '(.*)';", read("nginx.conf"), re.MULTILINE)
    kept = {
        "$time_iso8601",
        "$request_method",
        "$uri",
        "$status",
        "$body_bytes_sent",
        "$request_time",
    }
    assert set(logged.split()) == kept


# systemd


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "spmatch"),
        ("Restart", "on-failure"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("MemorySwapMax", "0"),
        ("LimitCORE", "0"),
        ("IPAddressDeny", "any"),
        ("IPAddressAllow", "localhost"),
    ],
)
def test_the_unit_keeps_the_service_in(key: str, value: str) -> None:
    assert unit("spmatch.service")[key] == [value]


def test_the_service_may_write_nowhere() -> None:
    settings = unit("spmatch.service")
    assert not {"ReadWritePaths", "StateDirectory", "CacheDirectory", "LogsDirectory"} & set(
        settings
    )


def test_the_unit_has_longer_to_stop_than_the_service_takes() -> None:
    (stop,) = unit("spmatch.service")["TimeoutStopSec"]
    assert int(stop) > toml()["stop_seconds"]


def test_the_unit_lets_the_service_listen_on_the_port_of_its_settings() -> None:
    assert unit("spmatch.service")["SocketBindAllow"] == [f"tcp:{toml()['port']}"]


def test_the_build_writes_what_the_service_reads() -> None:
    (command,) = unit("spmatch-snapshot.service")["ExecStart"]
    built = build_parser().parse_args(shlex.split(command)[1:])
    assert built.out == toml()["snapshot"]
    assert unit("spmatch.service")["AssertPathExists"] == [f"{built.out}/current"]


def test_the_build_has_no_network() -> None:
    assert unit("spmatch-snapshot.service")["PrivateNetwork"] == ["yes"]


# Settings


def test_the_example_of_settings_is_accepted() -> None:
    settings = ServiceSettings.model_validate(toml())
    assert (settings.host, settings.workers) == ("127.0.0.1", 2)


def test_the_example_names_only_settings_that_exist_also_where_it_is_commented_out() -> None:
    named = re.findall(r"^(?:# )?(\w+) = ", read("service.toml"), re.MULTILINE)
    assert set(named) == set(ServiceSettings.model_fields) - {"shared"}


def test_the_limits_of_the_example_are_the_defaults() -> None:
    own = {"snapshot", "keys", "public_names", "workers"}
    stated = {name: value for name, value in toml().items() if name not in own}
    assert stated == {name: ServiceSettings.model_fields[name].default for name in stated}


# What the documents tell to do


def commands(*names: str) -> list[str]:
    """Every command of spmatch that a document shows, however it is run."""
    found = []
    for name in names:
        text = re.sub(r"\\\n\s*", "", (DOCS / name).read_text(encoding="utf-8"))
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.splitlines():
                line = line.split("   #")[0].split("&&")[0]
                if match := re.search(
                    r"(?:^|bin/|\s)spmatch ((?:build|serve|keys|validate) .*)", line
                ):
                    found.append(match[1])
    return found


@pytest.mark.parametrize("command", commands("deployment.md", "service.md"))
def test_every_command_that_is_shown_is_one_that_spmatch_has(command: str) -> None:
    assert build_parser().parse_args(shlex.split(command)).command == command.split()[0]


@pytest.mark.parametrize("name", ["deployment.md", "service.md", "data-protection.md"])
def test_every_file_that_a_document_names_exists(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    linked = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text)]
    named = re.findall(r"`((?:tests|deploy|benchmarks)/[\w./-]+)`", text)
    gone = [one for one in linked if one and not (DOCS / one).exists()]
    assert [*gone, *(one for one in named if not (ROOT / one).exists())] == []
