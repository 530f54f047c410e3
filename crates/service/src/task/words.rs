//! Why a task refuses, in both languages.

use chengjing_domain::duty::task::{Fault, LONGEST_TEXT, Refused, RequestKind, Why};

use crate::{Refusal, refusal::Faults};

pub(super) fn refused(refused: Refused) -> Refusal {
    let state = refused.state.term();
    let (zh, en) = match refused.why {
        Why::Faults(all) => return faults(&all),
        Why::NotYours(_) | Why::NotThatParty => return Refusal::Forbidden,
        Why::NotFromHere => (
            format!("任务{state}，不能再这样办理"),
            format!("This can't be done to a task that is {}", refused.state.code().replace('_', " ")),
        ),
        Why::NotLed => {
            ("牵头单位只审看其他单位的上报".into(), "A lead unit looks at the reports of the others".into())
        }
        Why::NothingAsked(RequestKind::Extension) => {
            ("没有待批的延期申请".into(), "No extension was asked for".into())
        }
        Why::NothingAsked(RequestKind::Help) => ("没有待答复的求助".into(), "No help was asked for".into()),
        Why::AlreadyAsked(RequestKind::Extension) => (
            "已经申请延期，请等待批复".into(),
            "An extension was asked for already and is not decided".into(),
        ),
        Why::AlreadyAsked(RequestKind::Help) => {
            ("已经求助，请等待答复".into(), "Help was asked for already and is not answered".into())
        }
        Why::ExtensionOpen => ("请先批复延期申请".into(), "Decide the extension first".into()),
        Why::NoDueDate => {
            ("任务没有时限，不必延期".into(), "It has no due date that could be extended".into())
        }
        Why::NotDated => ("只有按期任务才会逾期未办".into(), "Only a dated task can be missed".into()),
        Why::NotOver { last_day } => {
            (format!("{last_day}尚未过"), format!("Its last day, {last_day}, has not passed"))
        }
        Why::HandedOn { .. } => ("任务已改派给其他单位".into(), "Another unit owes it now".into()),
    };
    Refusal::conflict(zh, en)
}

fn faults(all: &[Fault]) -> Refusal {
    let mut faults = Faults::default();
    for fault in all {
        let path = match fault.field().code() {
            "unit" => "unit_id",
            code => code,
        };
        match fault {
            Fault::Empty(_) => faults.add(path, "请填写", "must not be empty"),
            Fault::TooLong { .. } => faults.add(
                path,
                format!("最多{LONGEST_TEXT}个字"),
                format!("at most {LONGEST_TEXT} characters"),
            ),
            Fault::PercentOver(_) => faults.add(path, "进度最多为100", "at most 100"),
            Fault::NotLater { due_on, .. } => {
                faults.add(path, format!("应晚于现时限{due_on}"), format!("must be later than {due_on}"));
            }
            Fault::Passed { .. } => faults.add(path, "日期已过", "has passed"),
            Fault::SameUnit(_) => faults.add(path, "就是本单位", "that is the task's own unit"),
        }
    }
    match faults.end() {
        Err(refusal) => refusal,
        Ok(()) => Refusal::Internal("a deed was refused for faults that there are not"),
    }
}
