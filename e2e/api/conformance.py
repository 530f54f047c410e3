"""Calls every operation as every role, with good and bad input, and fails where an answer is a 5xx or is not as the
API's description says.

  conformance.py http://127.0.0.1:PORT      the demo city, running; its logins as JSON in CHENGJING_LOGINS
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
# Who may do most is asked most; the others are mostly refused, which needs fewer tries to see.
EXAMPLES = {"system_admin": 8, "office": 5, "liaison": 4}
PASSWORD = "Bamboo-and-pine-9"
# The id that the description's examples show, and what is meant where the name around it does not say so.
SHOWN_ID = "0197f3c2-6c1e-7d52-9a57-0b8d5c1c2a11"
MEANT = {"copy_of": "edition", "leader_id": "unit", "head_id": "unit", "into": "unit", "duties": "duty"}


def call(base, method, path, token=None, body=None, headers={}):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method)
    request.add_header("Content-Type", "application/octet-stream" if isinstance(body, bytes) else "application/json")
    for name, value in headers.items():
        request.add_header(name, value)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer, json.loads(answer.read() or b"null")


def log_in(base, login):
    answer, _ = call(base, "POST", "/api/v1/session", body={"name": login["name"], "password": login["password"]})
    cookie = answer.headers["Set-Cookie"]
    return cookie.split("=", 1)[1].split(";", 1)[0]


class Caller:
    """Somebody who is logged in, and what they make."""

    def __init__(self, base, login):
        self.base, self.login, self.token = base, login, log_in(base, login)
        # The demo city's campaign is the oldest.
        self.campaign = min(self.get("/api/v1/session")["campaigns"], key=lambda campaign: campaign["id"])
        self.inside = f"/api/v1/campaigns/{self.campaign['id']}"

    def may(self, permission):
        return permission in self.campaign["permissions"]

    def get(self, path):
        return call(self.base, "GET", path, self.token)[1]

    def post(self, path, body=None, headers={}):
        return call(self.base, "POST", path, self.token, body, headers)[1]

    def items(self, what):
        return self.get(f"{self.inside}/{what}")["items"]

    def add(self, what, body=None):
        return self.post(f"{self.inside}/{what}", body)

    def job(self, ordered):
        """Waits until what was ordered is there."""
        for _ in range(600):
            if self.get(f"/api/v1/jobs/{ordered['job']}")["state"] not in ("queued", "running"):
                return ordered
            time.sleep(0.05)
        sys.exit("what was ordered is not there within half a minute")

    def sent_file(self):
        """Of a text, the id of the attachment."""
        upload = self.add("uploads", {"name": "说明.txt", "size": 3})["id"]
        sent = call(self.base, "PATCH", f"{self.inside}/uploads/{upload}", self.token, b"abc", {"Upload-Offset": "0"})
        return sent[1]["attachment"]["id"]

    def plan(self, name, replaces=None):
        path = f"plans?name={name}.txt" + (f"&replaces={replaces}" if replaces else "")
        return self.job(self.add(path, "一、重点任务\n1.清理背街小巷。责任单位：县城管局。\n".encode()))["plan"]["id"]

    def attached_standard(self, code):
        """A standard that comes with the program, attached to the campaign."""
        taken = self.post(f"/api/v1/shipped-standards/{code}?campaign={self.campaign['id']}")
        edition = f"/api/v1/standards/{taken['standard']['id']}/editions/{taken['id']}"
        self.post(f"{edition}/publication", headers={"If-Match": f'"v{taken["version"]}"'})
        self.add("standards", {"edition_id": taken["id"]})
        return taken["standard"]["id"]

    def webhook(self):
        # A name that is nobody's, for ever (RFC 6761).
        body = {"name": "县大屏", "url": "https://board.invalid/hook", "kinds": ["plan.adopted"]}
        return self.add("webhooks", body)["webhook"]["id"]

    def view(self, name):
        shape = {"columns": ["place"], "filter": {}, "order": "first_due"}
        return self.add("views", {"name": name, "shape": shape})["id"]

    def handover_request(self):
        return self.add("handover-requests", {"leaves_on": "2026-12-31", "reason": "调往县教育局"})["id"]


def standing_ids(admin, liaison):
    """One id of everything that the demo city has; the liaison's where the liaison has one, so that all see it."""
    own = liaison.items
    evidence = next(item for item in own("evidence") if item["kind"] == "photo")
    doubted, doubt = next(
        (item["id"], doubts[0]["id"])
        for item in admin.items("evidence")
        if (doubts := admin.items(f"evidence/{item['id']}/doubts"))
    )
    attached = admin.items("standards")[0]
    standard, edition = attached["standard"]["id"], attached["edition"]["id"]
    places = admin.get(f"/api/v1/standards/{standard}/editions/{edition}")["places"]
    drafts = [
        admin.post(f"/api/v1/standards/{standard}/editions", {"copy_of": edition, "edition": name})["id"]
        for name in ("2027", "2028", "2029")
    ]
    draft, adopted = (
        next(plan["id"] for plan in admin.items("plans") if plan["state"] == state) for state in ("draft", "adopted")
    )
    webhook = admin.webhook()
    ids = {
        "campaign": admin.campaign["id"],
        "unit": liaison.campaign["units"][0]["id"],
        "plan": draft,
        "duty": own("duties")[0]["id"],
        "task": own("tasks")[0]["id"],
        # The demo city's week.
        "bulletin": admin.add("bulletins", {"week_on": "2026-07-06"})["id"],
        "template": admin.add("templates/letter/pdf?name=own.typ", b'#json("data.json").unit')["id"],
        "evidence": evidence["id"],
        "attachment": evidence["attachment_ids"][0],
        "link": evidence["links"][0]["id"],
        "requirement": evidence["links"][0]["requirement"]["requirement"],
        "doubt": doubt,
        "standard": standard,
        "edition": edition,
        "leaf": next(place for place in places if place["leaf"])["code"],
        "code": admin.get("/api/v1/shipped-standards")["items"][0]["code"],
        "initiative": admin.items("initiatives")[0]["id"],
        "observation": admin.items("observations")[0]["id"],
        "result": admin.items("results")[0]["id"],
        "site": admin.items("sites")[0]["id"],
        "webhook": webhook,
        "message": admin.add(f"webhooks/{webhook}/test")["id"],
        "year": "2026",
    }
    apart = {operation: {"path.evidence": doubted} for operation in ("list_doubts", "dismiss_doubt", "raise_doubt")}
    edits = ("edit_leaf", "edit_edition_source", "add_checklists")
    apart |= {operation: {"path.edition": drafts[0]} for operation in edits}
    apart["compare_editions"] = {"path.edition": drafts[0], "query.with": edition}
    apart["publish_edition"] = {"path.edition": drafts[1]}
    apart["remove_edition"] = {"path.edition": drafts[2]}
    apart["compare_plan"] = {"path.plan": admin.plan("new", adopted)}
    apart["detach_standard"] = {"path.standard": admin.attached_standard("hygiene-city")}
    return ids, apart


def own_ids(admin, caller, turn):
    """Ids of what is one's own, and of what is ended: every caller finds their own, and what is ended is nothing that
    another operation asks for."""
    campaign = admin.campaign["id"]

    def person(name):
        """Somebody whom nobody else is: a changed password or a taken role would end the others' calls."""
        grants = [{"role": role, "campaign_id": campaign} for role in ("auditor", "reviewer")]
        person = {"name": f"{name}{turn}", "display_name": "无名", "password": PASSWORD, "must_change_password": False}
        return admin.post("/api/v1/users", person | {"grants": grants})

    def invitation():
        body = {"display_name": "王芳", "grant": {"role": "auditor", "campaign_id": campaign}}
        return admin.add("invitations", body)["invitation"]["id"]

    able = lambda permission: caller if caller.may(permission) else admin
    user, leaving = person("nobody"), person("leaver")
    logged_in = lambda person: Caller(admin.base, {"name": person["name"], "password": PASSWORD})
    leaver = logged_in(leaving)
    # Who has no role of the campaign's own has nothing to hand over.
    asks = caller if caller.campaign["roles"] != ["system_admin"] else logged_in(user)
    other_device = Caller(admin.base, caller.login)
    [session] = [item["id"] for item in other_device.get("/api/v1/account/sessions")["items"] if item["own"]]
    exports, saves, sends = able("duty.export"), able("view.save"), able("file.upload")
    ids = {
        "user": user["id"],
        "grant": user["grants"][0]["id"],
        "invitation": invitation(),
        "request": leaver.handover_request(),
        "view": saves.view(f"常用{turn}"),
        "upload": sends.add("uploads", {"name": "说明.txt", "size": 3})["id"],
        "job": exports.job(exports.add("task-tables", {"format": "xlsx"}))["job"],
        "session": session,
        "token": caller.post("/api/v1/account/tokens", {"name": "大屏取数", "days": 90})["token"]["id"],
        "secret": caller.post("/api/v1/account/calendars", {"name": "任务时限"})["path"].rsplit("/", 1)[1],
    }
    duty = admin.add("duties", {"title": f"清理背街小巷{turn}"})["id"]
    unit, merged = (
        admin.add("units", {"kind": "department", "name": f"{name}{turn}"})["id"] for name in ("县演练局", "县合并局")
    )
    initiative = {"kind": "special_action", "leader_id": unit, "name": f"环境整治{turn}"}
    initiative = admin.add("initiatives", initiative)["id"]
    site = admin.add("sites", {"items": [{"name": f"城东农贸市场{turn}", "site_type": "market"}]})["items"][0]["id"]
    plan = admin.plan("adopted")
    apart = {
        "remove_webhook": {"path.webhook": admin.webhook()},
        "revoke_invitation": {"path.invitation": invitation()},
        "revoke_invitation_to_campaign": {"path.invitation": invitation()},
        "remove_grant": {"path.grant": user["grants"][1]["id"]},
        "preview_attachment": {"path.attachment": sends.sent_file()},
        "withdraw_handover_request": {"path.request": asks.handover_request()},
        "remove_view": {"path.view": saves.view(f"作废{turn}")},
        "adopt_plan": {"path.plan": plan},
        "undo_plan_adoption": {"path.plan": plan},
        "correct_plan": {"path.plan": admin.plan("corrected")},
        "discard_plan": {"path.plan": admin.plan("discarded")},
    }
    apart |= {operation: {"path.duty": duty} for operation in ("withdraw_duty", "restore_duty")}
    apart |= {operation: {"path.unit": unit} for operation in ("close_unit", "reopen_unit")}
    apart |= {operation: {"path.initiative": initiative} for operation in ("close_initiative", "reopen_initiative")}
    apart["merge_unit"] = {"path.unit": merged}
    apart["close_site"] = {"path.site": site}
    # Ending the own session in the middle would make every later answer a 401; and to end one's other sessions would
    # end the one that is there to be ended.
    headers = {"close_session": log_in(admin.base, caller.login), "end_other_sessions": leaver.token}
    return ids, apart, headers


def check_that_nothing_is_missing(description, ids):
    """Of every path parameter there is an id, but of those that are a choice of words."""
    for path, operations in description["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and "$ref" not in parameter["schema"] and parameter["name"] not in ids:
                    sys.exit(f"no id for {{{parameter['name']}}} of {path}")


def with_real_examples(value, ids, named=""):
    """The description, its examples with real ids in place of the one that all of them show."""
    if isinstance(value, dict):
        # `{"user": {"id": …}}` is told by the name around it.
        return {name: with_real_examples(held, ids, named if name == "id" else name) for name, held in value.items()}
    if isinstance(value, list):
        return [with_real_examples(held, ids, named) for held in value]
    if value == SHOWN_ID:
        return ids.get(MEANT.get(named, named.removesuffix("s").removesuffix("_id")), value)
    return value


def without_keys(description):
    """The description without idempotency keys: examples and seed make the same for every operation, and a key that was
    used is refused before anything else is looked at."""
    for operations in description["paths"].values():
        for operation in operations.values():
            named = operation.get("parameters", [])
            operation["parameters"] = [parameter for parameter in named if parameter["name"] != "Idempotency-Key"]
    return description


def config(folder, ids, apart, headers):
    """Where an id is given, all calls go to it; where none is, to ids that schemathesis makes up."""
    # A stream of events does not end.
    lines = ["max-stream-events = 2", "[checks]", "enabled = false"] + [f"{check}.enabled = true" for check in CHECKS]
    # What nobody changed yet is of the first version, and what has none yet of none.
    lines += ["[dictionaries.versions]", """values = ['"v1"', '"v0"', '"v2"']""", "[parameters]"]
    lines += ['"header.If-Match" = { dictionary = "versions", probability = 0.75 }']
    lines += [f'"path.{name}" = "{value}"' for name, value in ids.items()]
    for operation, parameters in apart.items():
        lines += ["[[operations]]", f'include-operation-id = "{operation}"', "[operations.parameters]"]
        lines += [f'"{name}" = "{value}"' for name, value in parameters.items()]
    for operation, token in headers.items():
        lines += ["[[operations]]", f'include-operation-id = "{operation}"']
        lines += [f'headers = {{ Authorization = "Bearer {token}" }}']
    path = pathlib.Path(folder) / "schemathesis.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def check_events(caller):
    """The stream's first two events: that it lives, and how many notices wait."""
    request = urllib.request.Request(f"{caller.base}/api/v1/events")
    request.add_header("Authorization", f"Bearer {caller.token}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream", answer.headers["Content-Type"]
        told = []
        while len(told) < 2:
            lines = iter(lambda: answer.readline().decode().rstrip("\n"), "")
            told.append(dict(line.split(": ", 1) for line in lines))
    pulse, unread = ((event["event"], json.loads(event["data"])) for event in told)
    assert pulse == ("pulse", {}), pulse
    assert unread[0] == "unread" and list(unread[1]) == ["unread"] and unread[1]["unread"] >= 0, unread


def main():
    base = sys.argv[1]
    logins = json.loads(os.environ["CHENGJING_LOGINS"])
    tool = pathlib.Path(sys.executable).parent / "schemathesis"
    by_role = {login["role"]: login for login in logins}
    admin = Caller(base, by_role["system_admin"])
    standing, standing_apart = standing_ids(admin, Caller(base, by_role["liaison"]))
    description = admin.get("/api/v1/openapi.json")
    # The mightiest come last: what they end is there for all others.
    runs = [(login, True) for login in reversed(logins)] + [(by_role["system_admin"], False)]
    callers = [Caller(base, login) for login, _ in runs]
    # All before the first run: plans are read and papers printed in a row, behind whatever the runs order.
    owned = [own_ids(admin, caller, turn) for turn, caller in enumerate(callers)]
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for (login, real), caller, (ids, apart, headers) in zip(runs, callers, owned):
            role = login["role"]
            print(f"\n-- {role}{'' if real else ', ids made up'}", flush=True)
            check_events(caller)
            if real:
                check_that_nothing_is_missing(description, standing | ids)
                settings = config(folder, standing | ids, standing_apart | apart, headers)
            else:
                # But never the own id: schemathesis tries those that it was answered as well.
                settings = config(folder, {name: ids[name] for name in ("session", "user")}, {}, headers)
            told = with_real_examples(without_keys(copy.deepcopy(description)), standing | ids) if real else description
            asked = pathlib.Path(folder) / "openapi.json"
            asked.write_text(json.dumps(told))
            command = [str(tool), "--config-file", str(settings)]
            command += ["run", str(asked), "--url", base, "--phases", "examples,fuzzing"]
            command += ["--header", f"Authorization: Bearer {caller.token}", "--seed", "1", "--no-color"]
            command += ["--max-examples", str(EXAMPLES.get(role, 2)), "--suppress-health-check", "all"]
            # Typesetting takes its time where the machine does other things as well.
            command += ["--request-timeout", "60"]
            command += ["--warnings", "off", "--workers", "2", "--generation-database", "none"]
            if subprocess.run(command, cwd=folder).returncode != 0:
                failed.append(role)
            # Answers 401 where something ended the session on the way, and all that came after was not tried.
            caller.get("/api/v1/session")
    answer = urllib.request.urlopen(f"{base}/healthz", timeout=5)
    assert answer.status == 200, "the server is no longer well"
    if failed:
        sys.exit(f"not as described: {', '.join(failed)}")


main()
