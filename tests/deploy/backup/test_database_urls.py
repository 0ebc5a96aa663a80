"""Connection URLs as the variables of PostgreSQL's programs."""

from deploy.backup.database import libpq_environment


def test_one_server():
    found = libpq_environment("postgresql://u:p%40@h:6432/db?connection_limit=5&sslmode=require")
    assert {k: v for k, v in found.items() if k != "PGAPPNAME"} == {
        "PGHOST": "h",
        "PGPORT": "6432",
        "PGUSER": "u",
        "PGPASSWORD": "p@",
        "PGDATABASE": "db",
        "PGSSLMODE": "require",
    }


def test_several_servers_are_lists():
    found = libpq_environment("postgresql://u:p@h1:1,h2,[::1]:3/db?target_session_attrs=read-write")
    assert (found["PGHOST"], found["PGPORT"]) == ("h1,h2,::1", "1,,3")
    assert found["PGTARGETSESSIONATTRS"] == "read-write"


def test_no_port_is_the_usual_one():
    assert "PGPORT" not in libpq_environment("postgresql://h1,h2/db")
