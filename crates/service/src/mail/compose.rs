//! What letters say, in the language of whoever reads them: plain text, and the same as HTML.

use chengjing_domain::{
    duty::{
        remind::NoticeKind,
        task::{DeedKind, Standing, WaitsFor},
    },
    id::LetterId,
    people::{HandoverRequestState, Language},
};
use chrono::{DateTime, Utc};
use lettre::{
    Message,
    message::{Mailbox as Recipient, MultiPart},
};

use super::PostOffice;
use crate::{
    people::handover_request::HandoverRequestView,
    remind::list::{MaterialBack, NoticeOf, NoticeView},
};

/// A line of a letter.
pub(super) struct Line {
    pub(super) said: String,
    pub(super) title: String,
    pub(super) facts: String,
    pub(super) link: String,
}

/// A letter before it is addressed.
pub(super) struct Text {
    pub(super) subject: String,
    pub(super) before: String,
    pub(super) lines: Vec<Line>,
    /// Beside the lines, or in their place: one link.
    pub(super) link: Option<String>,
    pub(super) after: String,
}

/// As a message from the installation. The same letter has the same id, by which mail servers know one that comes twice.
pub(super) fn message(
    office: &PostOffice,
    to: &str,
    (letter, at): (LetterId, DateTime<Utc>),
    text: &Text,
) -> Option<Message> {
    let to: Recipient = to.parse().ok()?;
    let id = format!("<{letter}@{}>", office.from.email.domain());
    Message::builder()
        .message_id(Some(id))
        .date(at.into())
        .from(office.from.clone())
        .to(to)
        .subject(&text.subject)
        .multipart(MultiPart::alternative_plain_html(plain(text), html(text)))
        .ok()
}

fn plain(text: &Text) -> String {
    let mut all = format!("{}\n", text.before);
    for line in &text.lines {
        all.push_str(&format!("\n[{}] {}\n  {}\n  {}\n", line.said, line.title, line.facts, line.link));
    }
    if let Some(link) = &text.link {
        all.push_str(&format!("\n{link}\n"));
    }
    all.push_str(&format!("\n{}\n", text.after));
    all
}

fn html(text: &Text) -> String {
    let mut all = format!(
        "<!doctype html><html><body style=\"font:15px/1.6 sans-serif;color:#1f2a37\"><p>{}</p>",
        escaped(&text.before)
    );
    if !text.lines.is_empty() {
        all.push_str("<table cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse\">");
        for line in &text.lines {
            let (said, title, facts, link) =
                (escaped(&line.said), escaped(&line.title), escaped(&line.facts), escaped(&line.link));
            all.push_str(&format!(
                "<tr><td style=\"padding:8px 12px 8px 0;border-bottom:1px solid #ddd;white-space:nowrap;vertical-align:top;\
                 color:#a3271d\">{said}</td><td style=\"padding:8px 0;border-bottom:1px solid #ddd\">\
                 <a href=\"{link}\" style=\"color:#1f4e8c\">{title}</a><br><small style=\"color:#667\">{facts}</small></td></tr>"
            ));
        }
        all.push_str("</table>");
    }
    if let Some(link) = &text.link {
        let link = escaped(link);
        all.push_str(&format!("<p><a href=\"{link}\" style=\"color:#1f4e8c\">{link}</a></p>"));
    }
    all.push_str(&format!(
        "<p><small style=\"color:#667\">{}</small></p></body></html>",
        escaped(&text.after)
    ));
    all
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// What a digest says of these.
pub(super) fn digest(
    office: &PostOffice,
    language: Language,
    views: &[NoticeView],
    today: chrono::NaiveDate,
) -> Text {
    let zh = language == Language::Chinese;
    let lines: Vec<Line> = views.iter().map(|view| line(office, zh, view, today)).collect();
    let (n, first) = (lines.len(), lines.first());
    let only = first.filter(|_| n == 1).map(|line| format!("{} · {}", line.said, line.title));
    let subject = match only {
        Some(only) => only,
        None if zh => format!("{n}条提醒"),
        None => format!("{n} reminders"),
    };
    let (before, after) = if zh {
        (
            format!("有{n}件事需要您知道："),
            format!("在“我的账号”里可以选择提醒什么、怎样提醒：{}/account", office.site),
        )
    } else {
        (
            format!("There is news of {n} things:"),
            format!("Choose what you are told, and how, in your account: {}/account", office.site),
        )
    };
    Text { subject, before, lines, link: None, after }
}

fn line(office: &PostOffice, zh: bool, view: &NoticeView, today: chrono::NaiveDate) -> Line {
    let task = match &view.of {
        NoticeOf::Task(task) => task,
        NoticeOf::Material(material) => return line_of(office, zh, view, material),
    };
    let due = view.told.due_on;
    let left = due.map_or(0, |due| (due - today).num_days());
    let facts = [
        Some(view.unit.name.clone()),
        due.map(|due| if zh { format!("时限{due}") } else { format!("due {due}") }),
        Some(standing(zh, task.standing).to_owned()),
        Some(view.campaign.clone()),
    ];
    Line {
        said: said(zh, view, left),
        title: task.duty.title.clone(),
        facts: joined(facts),
        link: format!("{}/c/{}/tasks/{}", office.site, view.told.campaign, task.task.id),
    }
}

/// A material that came back.
fn line_of(office: &PostOffice, zh: bool, view: &NoticeView, material: &MaterialBack) -> Line {
    let facts = [
        material.requirement.clone(),
        material
            .reason
            .as_ref()
            .map(|why| if zh { format!("理由：{why}") } else { format!("because: {why}") }),
        Some(view.unit.name.clone()),
        Some(view.campaign.clone()),
    ];
    Line {
        said: if zh { "材料被退回" } else { "Material returned" }.to_owned(),
        title: material.title.clone(),
        facts: joined(facts),
        link: format!("{}/c/{}/evidence/{}", office.site, view.told.campaign, material.id),
    }
}

fn joined(facts: impl IntoIterator<Item = Option<String>>) -> String {
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    facts.join(" · ")
}

fn said(zh: bool, view: &NoticeView, left: i64) -> String {
    match (view.told.kind, view.told.deed) {
        (NoticeKind::HandedOver, None) => if zh { "派来新任务" } else { "New task" }.to_owned(),
        (NoticeKind::HandedOver, Some(deed)) => deed_word(zh, deed).to_owned(),
        (NoticeKind::Urged, _) => if zh { "催办" } else { "The office urges" }.to_owned(),
        (NoticeKind::DueSoon, _) if left == 0 => if zh { "今天到期" } else { "Due today" }.to_owned(),
        (NoticeKind::DueSoon, _) if left > 0 => {
            if zh {
                format!("还有{left}天到期")
            } else {
                format!("Due in {left} days")
            }
        }
        (NoticeKind::DueSoon | NoticeKind::Overdue | NoticeKind::Escalated, _) => {
            if zh {
                format!("已逾期{}天", -left)
            } else {
                format!("{} days late", -left)
            }
        }
    }
}

fn deed_word(zh: bool, deed: DeedKind) -> &'static str {
    let (chinese, english) = match deed {
        DeedKind::Accept => ("已接收", "Accepted"),
        DeedKind::ReturnAsNotOurs => ("称不归其办理", "Said not to be theirs"),
        DeedKind::Uphold => ("维持原派", "It stays with you"),
        DeedKind::Reassign => ("已改派", "Given to another unit"),
        DeedKind::Progress => ("填报进度", "Progress"),
        DeedKind::Report => ("上报办结", "Reported as done"),
        DeedKind::TakeBackReport => ("撤回上报", "Report taken back"),
        DeedKind::Confirm => ("已确认办结", "Confirmed"),
        DeedKind::SendBack => ("被退回", "Sent back"),
        DeedKind::Reopen => ("要求重新办理", "To be done again"),
        DeedKind::AskExtension => ("申请延期", "Asks for more time"),
        DeedKind::GrantExtension => ("同意延期", "More time granted"),
        DeedKind::RefuseExtension => ("不同意延期", "No more time"),
        DeedKind::AskHelp => ("请求帮助", "Asks for your help"),
        DeedKind::AnswerHelp => ("已答复求助", "Your call for help was answered"),
        DeedKind::Withdraw => ("已撤回", "Withdrawn"),
        DeedKind::Restore => ("已恢复", "Restored"),
        DeedKind::Miss => ("逾期未办", "Missed"),
    };
    if zh { chinese } else { english }
}

fn standing(zh: bool, standing: Standing) -> &'static str {
    let (chinese, english) = match standing {
        Standing::Missed => ("逾期未办", "missed"),
        Standing::Late { .. } => ("已逾期", "late"),
        Standing::DueSoon { .. } => ("快到期", "due soon"),
        Standing::Waiting(WaitsFor::Office) => ("等创建办", "waits for the office"),
        Standing::Waiting(WaitsFor::Superior) => ("等答复", "waits for an answer"),
        Standing::Open => ("在办", "open"),
        Standing::Done => ("已办结", "done"),
        Standing::Withdrawn => ("已撤回", "withdrawn"),
    };
    if zh { chinese } else { english }
}

/// What is told of a request to hand somebody's work over: that it waits, or how it was decided.
pub(super) fn handover(office: &PostOffice, language: Language, view: &HandoverRequestView) -> Text {
    let zh = language == Language::Chinese;
    let (name, campaign, request) = (&view.user, &view.campaign, &view.request);
    let account = format!("{}/account", office.site);
    let (subject, before, link) = match &request.state {
        HandoverRequestState::Confirmed { to, .. } if zh => (
            "您的工作已经交接".to_owned(),
            format!("{name}，您好：您在“{campaign}”的工作已经交接给{to}。"),
            account,
        ),
        HandoverRequestState::Confirmed { to, .. } => (
            "Your work has been handed over".to_owned(),
            format!("Hello {name}, your work in “{campaign}” has been handed over to {to}."),
            account,
        ),
        HandoverRequestState::Refused { reason, .. } if zh => (
            "您的交接申请被退回".to_owned(),
            format!("{name}，您好：您在“{campaign}”的交接申请被退回。理由：{reason}"),
            account,
        ),
        HandoverRequestState::Refused { reason, .. } => (
            "Your request to hand your work over was turned down".to_owned(),
            format!(
                "Hello {name}, your work in “{campaign}” is not handed over for now. The reason: {reason}"
            ),
            account,
        ),
        HandoverRequestState::Waiting | HandoverRequestState::Withdrawn { .. } => {
            let (day, people) = (request.leaves_on, format!("{}/c/{}/people", office.site, request.campaign));
            if zh {
                let said = format!("{name}申请交接在“{campaign}”的工作，最后一天是{day}。请确认接手的人。");
                (format!("{name}申请交接工作"), said, people)
            } else {
                let said = format!(
                    "{name} asks to hand over their work in “{campaign}”; their last day is {day}. Please decide who takes it over."
                );
                (format!("{name} asks to hand their work over"), said, people)
            }
        }
    };
    Text { subject, before, lines: Vec::new(), link: Some(link), after: String::new() }
}

/// What proves an address.
pub(super) fn proof(office: &PostOffice, language: Language, name: &str, secret: &str) -> Text {
    let link = Some(format!("{}/verify#{secret}", office.site));
    match language {
        Language::Chinese => Text {
            subject: "请确认您的邮箱".to_owned(),
            before: format!("{name}，您好：点开下面的链接，以后的提醒就会发到这个邮箱。链接一天内有效。"),
            lines: Vec::new(),
            link,
            after: "如果不是您本人填写的，不用理会这封邮件。".to_owned(),
        },
        Language::English => Text {
            subject: "Confirm your address".to_owned(),
            before: format!(
                "Hello {name}, open this link to be reminded at this address. It works for a day."
            ),
            lines: Vec::new(),
            link,
            after: "If it was not you who gave this address, do nothing.".to_owned(),
        },
    }
}

/// Whether mail arrives.
pub(super) fn test(office: &PostOffice, language: Language) -> Text {
    let (subject, before) = match language {
        Language::Chinese => ("测试邮件", "这是一封测试邮件。您收到它，说明邮件设置没有问题。"),
        Language::English => ("Test", "This is a test. That it has arrived means that mail works."),
    };
    Text {
        subject: subject.to_owned(),
        before: before.to_owned(),
        lines: Vec::new(),
        link: Some(office.site.clone()),
        after: String::new(),
    }
}
