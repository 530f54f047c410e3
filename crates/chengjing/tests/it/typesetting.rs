//! Documents are set in a process of their own, which may die of a template.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

use chengjing_domain::publication::{Form, Paper};
use chengjing_press::paper::{OFFICIAL, built_in, sample};

use crate::server::{PROGRAM, Server, campaign};

fn set(folder: &Path, source: &str) -> Output {
    fs::write(folder.join("letter.typ"), source).expect("a source");
    fs::write(folder.join("data.json"), r#"{"title": "目标责任书"}"#).expect("its data");
    let mut program = Command::new(PROGRAM);
    program.current_dir(folder).args([
        "typeset",
        "letter.typ",
        "--file",
        "data.json",
        "--output",
        "letter.pdf",
    ]);
    program.output().expect("the program")
}

#[test]
fn a_source_becomes_a_pdf_and_its_faults_are_told_with_their_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "#import \"fonts.typ\": fonts\n#set text(font: fonts.body)\n#json(\"data.json\").title\n";
    let output = set(folder.path(), source);
    assert!(output.status.success(), "{output:?}");
    assert!(fs::read(folder.path().join("letter.pdf")).expect("a PDF").starts_with(b"%PDF-"));
    let output = set(folder.path(), "好\n\n#neither-here-nor-there\n");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("letter.typ:3: unknown variable"), "{said}");
}

#[test]
fn a_source_that_takes_time_or_memory_without_end_is_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let endless = "#let n = 0\n#for a in range(100000) { for b in range(100000) { for c in range(100000) { n += 1 } } }\n";
    let greedy = "#let a = \"城\" * 100000000\n#let all = ()\n#for n in range(100) { all.push(a + str(n)) }\n#all.len()\n";
    for source in [endless, greedy] {
        let start = Instant::now();
        let output = set(folder.path(), source);
        assert_eq!(output.status.code(), Some(1), "{source}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("more than 30 seconds, or too much memory"), "{source}: {said}");
        assert!(start.elapsed() < Duration::from_secs(45), "{source}");
    }
}

/// A built-in template with data in which everything is there, set as the server sets it.
fn built_in_set(folder: &Path, paper: Paper) -> String {
    set_with(folder, built_in(paper, Form::Pdf), &sample(paper))
}

/// The text of what a source makes of its data, without blanks.
fn set_with(folder: &Path, source: &[u8], data: &serde_json::Value) -> String {
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("a file");
    put("main.typ", source);
    put("official.typ", OFFICIAL.as_bytes());
    put("data.json", data.to_string().as_bytes());
    let mut program = Command::new(PROGRAM);
    program.current_dir(folder).args(["typeset", "main.typ", "--output", "made.pdf"]);
    program.args(["--file", "official.typ", "--file", "data.json"]);
    let output = program.output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pdf = fs::read(folder.join("made.pdf")).expect("a PDF");
    let source = chengjing_reader::source::extract("made.pdf", &pdf).expect("a PDF with text");
    source.text.split_whitespace().collect()
}

#[test]
fn the_built_in_templates_take_the_sample_and_their_text_is_in_the_pdf() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = built_in_set(folder.path(), Paper::Letter);
    for words in [
        "目标责任书",
        "编号：〔2026〕第3号",
        "乙方：县样例局",
        "其中牵头1项",
        "群众满意度≥90%",
        "2026年6月30日前",
        "—1—",
    ] {
        assert!(letter.contains(words), "{words} is not in {letter}");
    }
    let bulletin = built_in_set(folder.path(), Paper::Bulletin);
    for words in ["工作进度周报", "第12期", "2026年第12周", "照片与点位不符", "另有5项逾期任务未列出"]
    {
        assert!(bulletin.contains(words), "{words} is not in {bulletin}");
    }
}

#[test]
fn the_cover_and_the_texts_of_a_dossier_are_set_and_what_people_wrote_is_no_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let [(cover, cover_data), (texts, texts_data)] = chengjing_press::dossier::sample();
    let cover = set_with(folder.path(), cover.as_bytes(), &cover_data);
    for words in ["卷宗", "样例县创建文明城市", "测评体系（2026年版）", "Ⅰ-1理想信念", "2026年7月8日"]
    {
        assert!(cover.contains(words), "{words} is not in {cover}");
    }
    let texts = set_with(folder.path(), texts.as_bytes(), &texts_data);
    for words in
        ["第2册，共3册", "1．工作情况说明", "第一段#不是标记*。", "第二段$也不是$。", "2．第二篇", "—2—"]
    {
        assert!(texts.contains(words), "{words} is not in {texts}");
    }
}

#[test]
fn a_server_sets_samples_and_tells_an_office_which_lines_of_its_template_are_faulty() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), None);
    let client = server.administrator();
    let (campaign, _) = campaign(&client);
    let own = format!("/api/v1/campaigns/{campaign}/templates/letter/pdf");
    let faulty = "#import \"official.typ\": *\n#let data = json(\"data.json\")\n\n#data.nobody\n";
    let path = format!("{own}?name=own.typ");
    let problem = client.send("POST", &path, faulty.as_bytes(), &[]).expect("an answer").must(422);
    assert_eq!(problem["faults"][0]["path"], "main.typ:4");
    let fine = "#import \"official.typ\": *\n#let data = json(\"data.json\")\n#show: official\n#title[致#data.unit]\n";
    client.send("POST", &path, fine.as_bytes(), &[]).expect("an answer").must(201);
    let preview = client.get(&format!("{own}/built-in/preview")).expect("an answer");
    assert_eq!(preview.status, 200);
    assert!(preview.bytes.starts_with(b"%PDF-"));
}
