"""Calls every operation as every role, with good and bad input, and fails where an answer is a 5xx or is not as the
API's description says.

  conformance.py http://127.0.0.1:PORT      the demo city, running; its logins as JSON in CHENGJING_LOGINS
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Ending the own session in the middle would make every later answer a 401; a stream of events does not end.
LEFT_OUT = ["close_session", "listen_to_events"]
# Who may do most is asked most; the others are mostly refused, which needs fewer tries to see.
EXAMPLES = {"system_admin": 8, "office": 5, "liaison": 4}


def call(base, method, path, token=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer, json.loads(answer.read() or b"null")


def log_in(base, login):
    answer, _ = call(base, "POST", "/api/v1/session", body={"name": login["name"], "password": login["password"]})
    cookie = answer.headers["Set-Cookie"]
    return cookie.split("=", 1)[1].split(";", 1)[0]


def sent_file(base, token, campaign):
    """The id of an attachment of the caller's, and so of the upload that it was."""
    inside = f"/api/v1/campaigns/{campaign}/uploads"
    _, upload = call(base, "POST", inside, token, {"name": "说明.txt", "size": 3})
    request = urllib.request.Request(f"{base}{inside}/{upload['id']}", data=b"abc", method="PATCH")
    for name, value in {"Authorization": f"Bearer {token}", "Upload-Offset": "0", "Content-Type": "application/octet-stream"}.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())["attachment"]["id"]


def brought_template(base, token, campaign):
    """The id of a template that an office brought."""
    url = f"{base}/api/v1/campaigns/{campaign}/templates/letter/pdf?name=own.typ"
    request = urllib.request.Request(url, data='#json("data.json").unit'.encode(), method="POST")
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/octet-stream")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())["id"]


def real_ids(base, token):
    """One id of everything, so that calls reach what is behind the 404."""
    first = lambda path: call(base, "GET", path, token)[1]["items"][0]["id"]
    campaign = first("/api/v1/campaigns")
    inside = f"/api/v1/campaigns/{campaign}"
    # Nobody who is logged in here: a changed password or a taken role would end the others' calls.
    person = {"name": "nobody", "display_name": "无名", "password": "Bamboo-and-pine-9", "must_change_password": False}
    _, user = call(base, "POST", "/api/v1/users", token, person | {"grants": [{"role": "auditor", "campaign_id": campaign}]})
    file = sent_file(base, token, campaign)
    evidence = call(base, "GET", f"{inside}/evidence", token)[1]["items"][0]
    attached = call(base, "GET", f"{inside}/standards", token)[1]["items"][0]
    edition = f"/api/v1/standards/{attached['standard']['id']}/editions/{attached['edition']['id']}"
    leaf = next(place for place in call(base, "GET", edition, token)[1]["places"] if place["leaf"])
    # The demo city's week.
    _, bulletin = call(base, "POST", f"{inside}/bulletins", token, {"week_on": "2026-07-06"})
    return {
        "upload": file,
        "attachment": file,
        "campaign": campaign,
        "unit": first(f"{inside}/units"),
        "plan": first(f"{inside}/plans"),
        "duty": first(f"{inside}/duties"),
        "task": first(f"{inside}/tasks"),
        "job": first(f"{inside}/jobs"),
        "bulletin": bulletin["id"],
        "template": brought_template(base, token, campaign),
        "user": user["id"],
        "grant": user["grants"][0]["id"],
        "evidence": evidence["id"],
        "link": evidence["links"][0]["id"],
        "requirement": evidence["links"][0]["requirement"]["requirement"],
        "standard": attached["standard"]["id"],
        "edition": attached["edition"]["id"],
        "leaf": leaf["code"],
        "initiative": first(f"{inside}/initiatives"),
        "observation": first(f"{inside}/observations"),
        "result": first(f"{inside}/results"),
        "site": first(f"{inside}/sites"),
        "year": "2026",
    }


def config(folder, ids):
    """Half of all calls go to things that are there, the other half to ids that schemathesis makes up."""
    lines = ["[parameters]"] + [f'"path.{name}" = "{value}"' for name, value in ids.items()]
    path = pathlib.Path(folder) / "schemathesis.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def main():
    base = sys.argv[1]
    logins = json.loads(os.environ["CHENGJING_LOGINS"])
    tool = pathlib.Path(sys.executable).parent / "schemathesis"
    admin = next(login for login in logins if login["role"] == "system_admin")
    ids = real_ids(base, log_in(base, admin))
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        with_real_ids = config(folder, ids)
        runs = [(login, with_real_ids) for login in logins] + [(admin, None)]
        for login, settings in runs:
            role = login["role"]
            print(f"\n-- {role}{'' if settings else ', ids made up'}", flush=True)
            command = [str(tool)]
            if settings:
                command += ["--config-file", str(settings)]
            command += ["run", f"{base}/api/v1/openapi.json", "--checks", CHECKS, "--phases", "examples,fuzzing"]
            command += ["--header", f"Authorization: Bearer {log_in(base, login)}", "--seed", "1", "--no-color"]
            command += ["--max-examples", str(EXAMPLES.get(role, 2)), "--suppress-health-check", "all"]
            # Typesetting takes its time where the machine does other things as well.
            command += ["--request-timeout", "60"]
            command += ["--warnings", "off", "--workers", "2", "--generation-database", "none"]
            for operation in LEFT_OUT:
                command += ["--exclude-operation-id", operation]
            if subprocess.run(command, cwd=folder).returncode != 0:
                failed.append(role)
    answer = urllib.request.urlopen(f"{base}/healthz", timeout=5)
    assert answer.status == 200, "the server is no longer well"
    if failed:
        sys.exit(f"not as described: {', '.join(failed)}")


main()
