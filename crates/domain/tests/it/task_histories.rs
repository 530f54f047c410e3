//! Random histories of a task beside a small model of it. The model knows nothing of the table: it follows the steps
//! and holds what must be true after every one of them.

use chengjing_domain::{
    duty::task::{
        Act, Deed, DeedKind, Fault, Party, StateKind, Step, Task, TaskState, Why, perform, possible,
    },
    id::{StepId, TaskId, UnitId},
    plan::UnitRole,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::task_making::{OURS, author, day, deed_of, moment, owed};

/// What a test asks of a task: mostly well-formed, sometimes not.
#[derive(Debug, Clone)]
struct Try {
    deed: Deed,
    party: Party,
    /// Days that pass before it.
    pause: i64,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just("因为".to_owned()),
        1 => Just("  ".to_owned()),
        1 => Just("长".repeat(2001)),
    ]
}

fn unit() -> impl Strategy<Value = UnitId> {
    (1_u128..4).prop_map(|id| UnitId(Uuid::from_u128(id)))
}

fn deed() -> impl Strategy<Value = Deed> {
    (0..DeedKind::ALL.len(), text(), unit(), any::<u8>(), 0_i64..60).prop_map(
        |(kind, words, unit, percent, until)| match deed_of(DeedKind::ALL[kind]) {
            Deed::Progress { .. } => Deed::Progress { percent: percent % 120, note: Some(words) },
            Deed::ReturnAsNotOurs { .. } => Deed::ReturnAsNotOurs { reason: words, proposed: Some(unit) },
            Deed::Reassign { .. } => Deed::Reassign { to: unit, reason: words },
            Deed::AskExtension { .. } => Deed::AskExtension { until: day(until), reason: words },
            Deed::GrantExtension { .. } => {
                Deed::GrantExtension { until: (until % 2 == 0).then(|| day(until)), note: Some(words) }
            }
            Deed::SendBack { .. } => Deed::SendBack { reason: words },
            Deed::Withdraw { .. } => Deed::Withdraw { reason: words },
            other => other,
        },
    )
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let party = prop_oneof![
        5 => Just(Party::Owner),
        5 => Just(Party::Office),
        1 => Just(Party::Lead),
        1 => Just(Party::Superior),
        2 => Just(Party::System),
    ];
    let one = (deed(), party, prop_oneof![3 => Just(0_i64), 1 => 0..9_i64])
        .prop_map(|(deed, party, pause)| Try { deed, party, pause });
    prop::collection::vec(one, 1..80)
}

fn role() -> impl Strategy<Value = UnitRole> {
    prop_oneof![Just(UnitRole::Lead), Just(UnitRole::Responsible), Just(UnitRole::Support)]
}

/// What the steps tell, followed without the table.
struct Model {
    state: StateKind,
    version: i64,
    /// A report lies there that was neither taken back nor sent back.
    has_report: bool,
    /// The state and the report at the withdrawal.
    before_withdrawal: Option<(StateKind, bool)>,
    extension_open: bool,
    help_open: bool,
    handed_on: bool,
}

impl Model {
    fn new(task: &Task) -> Self {
        Self {
            state: task.state.kind(),
            version: task.version,
            has_report: false,
            before_withdrawal: None,
            extension_open: false,
            help_open: false,
            handed_on: false,
        }
    }

    fn follow(&mut self, step: &Step) -> Result<(), TestCaseError> {
        prop_assert_eq!(step.from, self.state, "steps chain without gaps");
        prop_assert_eq!(step.version, self.version + 1, "versions count up");
        prop_assert!(self.state != StateKind::Missed, "a missed task stays missed");
        if self.state == StateKind::Withdrawn {
            prop_assert_eq!(step.deed, DeedKind::Restore, "a withdrawn task is only restored");
            prop_assert!(!self.handed_on, "what another unit owes does not come back");
        }
        match step.deed {
            DeedKind::Report => self.has_report = true,
            DeedKind::TakeBackReport | DeedKind::SendBack | DeedKind::Reopen => {
                prop_assert!(self.has_report, "there is a report that holds no longer");
                self.has_report = false;
            }
            DeedKind::AskExtension => self.extension_open = true,
            DeedKind::GrantExtension | DeedKind::RefuseExtension => {
                prop_assert!(std::mem::take(&mut self.extension_open), "only what was asked is decided");
            }
            DeedKind::AskHelp => self.help_open = true,
            DeedKind::AnswerHelp => {
                prop_assert!(std::mem::take(&mut self.help_open), "only what was asked is answered");
            }
            DeedKind::Withdraw | DeedKind::Reassign => {
                self.before_withdrawal = Some((self.state, self.has_report));
                self.handed_on = step.deed == DeedKind::Reassign;
            }
            DeedKind::Restore => {
                let (state, report) = self.before_withdrawal.take().expect("it was withdrawn");
                prop_assert_eq!(step.to, state, "a restored task is what it was");
                self.has_report = report;
            }
            _ => {}
        }
        if step.to == StateKind::Confirmed {
            prop_assert!(self.has_report, "never confirmed without a report");
            prop_assert!(!self.extension_open, "an extension is decided before");
            prop_assert_eq!(step.party, Party::Office, "only the office confirms");
        }
        let ended = matches!(step.to, StateKind::Confirmed | StateKind::Missed | StateKind::Withdrawn);
        if ended {
            let open = usize::from(std::mem::take(&mut self.extension_open))
                + usize::from(std::mem::take(&mut self.help_open));
            prop_assert_eq!(step.closed.len(), open, "what ends with the task is named");
        } else {
            prop_assert!(step.closed.is_empty());
        }
        (self.state, self.version) = (step.to, step.version);
        Ok(())
    }

    fn agrees(&self, task: &Task) -> Result<(), TestCaseError> {
        prop_assert_eq!(task.state.kind(), self.state);
        prop_assert_eq!(task.version, self.version);
        prop_assert_eq!(task.state.report().is_some(), self.has_report && self.state != StateKind::Withdrawn);
        prop_assert!(task.percent <= 100);
        prop_assert_eq!(task.extension.is_some(), self.extension_open);
        prop_assert_eq!(task.help.is_some(), self.help_open);
        Ok(())
    }
}

fn is_stored_whole(task: &Task) -> Result<(), TestCaseError> {
    let json = serde_json::to_value(task).expect("json");
    prop_assert!(!json.to_string().contains("overdue"), "overdue is never stored");
    prop_assert_eq!(&serde_json::from_value::<Task>(json).expect("a task"), task);
    Ok(())
}

fn refusal_is_honest(task: &Task, asked: &Try, act: &Act, why: &Why) -> Result<(), TestCaseError> {
    let offered = possible(task, asked.party, act.today);
    match why {
        Why::Faults(faults) => {
            prop_assert!(!faults.is_empty());
            prop_assert!(offered.contains(&asked.deed.kind()), "the deed is possible, its words are not");
            let same = faults.iter().any(|fault| matches!(fault, Fault::SameUnit(unit) if *unit != OURS));
            prop_assert!(!same);
        }
        _ => prop_assert!(!offered.contains(&asked.deed.kind()), "what is refused is not offered"),
    }
    // What is offered is done when the words are right; only a day can be wrong, and then it is said.
    for kind in offered {
        let deed = match deed_of(kind) {
            Deed::AskExtension { reason, .. } => Deed::AskExtension { until: day(100_000), reason },
            other => other,
        };
        let done = perform(task.clone(), deed, act);
        prop_assert!(done.is_ok(), "{:?} is offered and refused: {:?}", kind, done);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_500, ..ProptestConfig::default() })]

    #[test]
    fn every_history_keeps_what_a_task_promises(tries in tries(), role in role(), dated in any::<bool>()) {
        let mut task = Task::new(TaskId(Uuid::from_u128(12)), owed(role, dated), moment(0));
        let mut model = Model::new(&task);
        let (mut today, mut number) = (0, 0);
        for asked in &tries {
            today += asked.pause;
            number += 1;
            let act = Act {
                step: StepId(Uuid::from_u128(number)),
                by: author(asked.party),
                party: asked.party,
                at: moment(today),
                today: day(today),
            };
            let before = task.clone();
            match perform(task, asked.deed.clone(), &act) {
                Ok(done) => {
                    model.follow(&done.step)?;
                    prop_assert_eq!((done.step.percent, done.step.at), (done.task.percent, act.at));
                    prop_assert_eq!(done.make.is_some(), asked.deed.kind() == DeedKind::Reassign);
                    prop_assert!(done.task.last_day() >= before.last_day(), "a due date only moves away");
                    is_stored_whole(&done.task)?;
                    task = done.task;
                }
                Err(refused) => {
                    refusal_is_honest(&before, asked, &act, &refused.why)?;
                    prop_assert_eq!(&refused.possible, &possible(&before, asked.party, act.today));
                    prop_assert_eq!((refused.state, refused.deed), (before.state.kind(), asked.deed.kind()));
                    task = before;
                }
            }
            model.agrees(&task)?;
        }
    }

    #[test]
    fn overdue_follows_from_state_and_day_alone(role in role(), late in -40_i64..40) {
        let task = Task::new(TaskId(Uuid::from_u128(12)), owed(role, false), moment(0));
        prop_assert_eq!(task.is_overdue(day(9 + late)), late > 0);
        let done = Task { state: TaskState::Missed { at: moment(0) }, ..task };
        prop_assert!(!done.is_overdue(day(9 + late)));
    }
}
