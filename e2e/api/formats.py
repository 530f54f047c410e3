"""Opens what the program gives out with the programs of others: xlsx, docx and the calendar feed.

  formats.py http://127.0.0.1:PORT      the demo city; CHENGJING_LOGINS as `chengjing demo --print-logins` gives them
"""

import io
import json
import os
import sys
import time
import urllib.request
import zipfile

import docx
import icalendar
import openpyxl


class Person:
    """Somebody who is logged in."""

    def __init__(self, base, role):
        self.base, self.cookie = base, None
        login = next(one for one in json.loads(os.environ["CHENGJING_LOGINS"]) if one["role"] == role)
        session = self.ask("POST", "/session", {"name": login["name"], "password": login["password"]})
        self.campaign = f"/campaigns/{session['campaigns'][0]['id']}"

    def fetch(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + "/api/v1" + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Origin", self.base)
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        with urllib.request.urlopen(request, timeout=60) as answer:
            if answer.headers["Set-Cookie"]:
                self.cookie = answer.headers["Set-Cookie"].split(";", 1)[0]
            return answer.read()

    def ask(self, method, path, body=None):
        return json.loads(self.fetch(method, path, body) or b"null")

    def made(self, path, body):
        """The file that a job makes."""
        job = self.ask("GET", f"/jobs/{self.ask('POST', self.campaign + path, body)['job']}")
        for _ in range(600):
            if job["state"] == "done":
                return self.fetch("GET", f"/jobs/{job['id']}/file")
            assert job["state"] in ("queued", "running"), job
            time.sleep(0.1)
            job = self.ask("GET", f"/jobs/{job['id']}")
        sys.exit(f"not made within a minute: {path}")


def rows_of(data):
    """The rows of the first sheet, as text."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def words_of(data):
    """All text of a document, tables included."""
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def main():
    office = Person(sys.argv[1], "office")
    campaign = office.campaign
    duties = office.ask("GET", campaign + "/duties?limit=200")["items"]
    title = duties[0]["title"]
    opened = 0

    rows = rows_of(office.made("/task-tables", {"format": "xlsx", "note": None, "filter": {}}))
    assert any(title in cell for row in rows for cell in row), title
    assert len(rows) > len(duties), (len(rows), len(duties))
    opened += 1
    assert title in words_of(office.made("/task-tables", {"format": "docx", "note": None, "filter": {}}))
    opened += 1

    units = rows_of(office.fetch("GET", campaign + "/units/sheet"))
    assert len(units) > 50, len(units)
    opened += 1
    people = rows_of(office.fetch("GET", campaign + "/people/sheet"))
    assert any("姓名" in cell for row in people for cell in row), people[:3]
    opened += 1

    packed = zipfile.ZipFile(io.BytesIO(office.made("/letters", {"form": "docx"})))
    letters = [name for name in packed.namelist() if name.endswith(".docx")]
    assert len(letters) > 10, packed.namelist()
    for name in letters:
        assert len(words_of(packed.read(name))) > 100, name
    opened += len(letters)

    dossier = zipfile.ZipFile(io.BytesIO(office.made("/dossiers", {})))
    assert dossier.testzip() is None, dossier.testzip()
    names = dossier.namelist()
    assert all(name.endswith((".jpg", ".png", ".pdf", ".xlsx", ".docx")) for name in names), names
    index = [name for name in names if name.endswith("待审材料索引表.xlsx")]
    assert index, names
    for name in index:
        rows = rows_of(dossier.read(name))
        assert any("序号" in row for row in rows) and len(rows) > 3, rows[:4]
        opened += 1
    for name in (name for name in names if name.endswith(".pdf")):
        assert dossier.read(name).startswith(b"%PDF-"), name
    for name in (name for name in names if name.endswith("材料审核记录表.xlsx")):
        assert any("审核人" in row for row in rows_of(dossier.read(name))), name
        opened += 1

    # The Monday of the week in which the county's clock stands.
    week = office.ask("POST", campaign + "/bulletins", {"week_on": "2026-07-06"})
    bulletin = office.made(f"/bulletins/{week['id']}/documents", {"form": "docx"})
    assert len(words_of(bulletin)) > 100
    opened += 1

    liaison = Person(sys.argv[1], "liaison")
    feed = liaison.ask("POST", "/account/calendars", {"name": "任务时限"})
    with urllib.request.urlopen(liaison.base + feed["path"], timeout=30) as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    assert not calendar.errors, calendar.errors
    events = calendar.walk("VEVENT")
    assert events and all(event.decoded("dtstart") and event["summary"] for event in events), len(events)
    print(f"{opened} files opened by openpyxl and python-docx; icalendar reads {len(events)} deadlines")


main()
