//! Many people at once, from a spreadsheet: by invitations, or as users with passwords for their first login.

use std::{collections::HashSet, sync::Arc};

use chengjing_domain::{
    campaign::{Contact, Post, Unit, joined, naming::normal},
    id::{CampaignId, GrantId, InvitationId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
    people::{
        Grant, Invitation, InvitationState, Role, Scope, User, check_password,
        policy::{self, Action, Decision, Resource},
        roll::{Entry, Newcomer, RollColumn, RollFault, RollGround, RollLine, RollWhy, call, role_words},
    },
};
use chengjing_press::PersonLine;
use chengjing_store::{Queries, Tx, campaign as campaigns, ledger, people as store};
use chrono::Duration;
use serde_json::json;

use super::{hex, password, secret_hash};
use crate::{App, Caller, Refusal, Words, refusal::Faults, sheet::Filled};

/// People of one list: each makes a hash and an entry.
const MOST: usize = 500;

/// The empty list with its headings, and the words that its cells take.
pub async fn template(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    let loaded = app.store.read(|q| async move {
        let campaign = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
        let units = campaigns::all_units(&q, campaign.id).await?;
        Ok::<_, Refusal>((campaign, units))
    });
    let (campaign, units) = loaded.await?;
    let open = units.iter().filter(|unit| unit.closed_at.is_none()).map(|unit| unit.name.as_str());
    let bytes = chengjing_press::people_template(&open.collect::<Vec<_>>())
        .map_err(|_| Refusal::Internal("an empty list of people could not be written"))?;
    Ok((format!("{}人员名单.xlsx", campaign.name), bytes))
}

/// Whom a list would bring in, without bringing them; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    entry: Entry,
    bytes: Vec<u8>,
) -> Result<Vec<PersonLine>, Refusal> {
    may_bring(caller, campaign, entry)?;
    let filled = read(bytes).await?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let units = campaigns::all_units(&q, campaign).await?;
            let people = people(&q, &caller, campaign, &units, &filled, entry).await?;
            Ok(people.iter().map(|person| line(person, &units, String::new())).collect())
        })
        .await
}

/// How people of a list come in.
#[derive(Debug, Clone)]
pub struct Entrance {
    pub entry: Entry,
    /// Links work that long.
    pub days: i64,
    /// What stands before a link's secret: where the web app is reached.
    pub link_base: String,
}

/// Brings all people of a list in, or none where anything is wrong, and gives the list with each one's link or password
/// beside them: once. A repeated request makes nobody twice and gets new links and passwords, save for those who have
/// come in meanwhile.
pub async fn bring(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    entrance: Entrance,
    bytes: Vec<u8>,
) -> Result<(String, Vec<u8>), Refusal> {
    may_bring(caller, campaign, entrance.entry)?;
    let mut faults = Faults::default();
    let (_, most) = Invitation::DAYS;
    if !(1..=most).contains(&entrance.days) {
        faults.add("days", format!("有效期为1到{most}天"), format!("1 to {most} days"));
    }
    let web = ["http://", "https://"].iter().any(|scheme| entrance.link_base.starts_with(scheme));
    if !web || entrance.link_base.chars().count() > 200 || entrance.link_base.contains(char::is_whitespace) {
        faults.add("link_base", "应为网址", "must be an address of the web");
    }
    faults.end()?;
    let filled = read(bytes).await?;
    // Looked at first, so that no password is hashed for a list that is refused.
    let (filled, probe) = (Arc::new(filled), caller.clone());
    let looked = Arc::clone(&filled);
    let found = app.store.read(|q| async move {
        let campaign = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
        let units = campaigns::all_units(&q, campaign.id).await?;
        let people = people(&q, &probe, campaign.id, &units, &looked, entrance.entry).await?;
        Ok::<_, Refusal>((campaign.name, people))
    });
    let (campaign_name, found) = found.await?;
    let mut keys = Vec::with_capacity(found.len());
    for person in &found {
        keys.push(key(app, caller, person).await?);
    }
    let given = Arc::new((caller.clone(), keys, entrance.clone(), filled));
    let written = app.store.write(move |tx| {
        let given = Arc::clone(&given);
        async move {
            let (caller, keys, entrance, filled) = &*given;
            let units = campaigns::all_units(&tx, campaign).await?;
            let people = people(&tx, caller, campaign, &units, filled, entrance.entry).await?;
            if people.len() != keys.len() {
                return Err(Refusal::Stale);
            }
            let mut lines = Vec::with_capacity(people.len());
            let mut contacts: Vec<(UnitId, Contact)> = Vec::new();
            for (person, key) in people.iter().zip(keys) {
                let (user, shown) = enter(&tx, caller, person, key, entrance).await?;
                contacts.extend(contact_of(person, user));
                lines.push(line(person, &units, shown));
            }
            add_contacts(&tx, &units, contacts).await?;
            let how = match entrance.entry {
                Entry::Invitation => "invitations",
                Entry::Account => "accounts",
            };
            let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
            let details = json!({ "added": lines.len(), "how": how });
            ledger::record(&tx, caller.act_named("people.import", subject, details)).await?;
            Ok(lines)
        }
    });
    let lines = written.await?;
    let what = match entrance.entry {
        Entry::Invitation => "邀请链接",
        Entry::Account => "初始密码",
    };
    let bytes = chengjing_press::people_to_xlsx(&lines, what)
        .map_err(|_| Refusal::Internal("a list of people could not be written"))?;
    Ok((format!("{campaign_name}{what}.xlsx"), bytes))
}

/// Users belong to the installation: only its administrator adds them. The office invites.
fn may_bring(caller: &Caller, campaign: CampaignId, entry: Entry) -> Result<(), Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    match entry {
        Entry::Invitation => Ok(()),
        Entry::Account => caller.may(Action::ManageUsers, Resource::System),
    }
}

async fn read(bytes: Vec<u8>) -> Result<Filled, Refusal> {
    Filled::read(bytes, RollColumn::DisplayName.heading(), MOST).await
}

/// The people of a list, against what is there now.
async fn people(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    units: &[Unit],
    filled: &Filled,
    entry: Entry,
) -> Result<Vec<Newcomer>, Refusal> {
    campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    let places = RollColumn::ALL.map(|column| filled.place(column.heading()));
    let cells = |row: &chengjing_reader::source::Row| {
        places.map(|place| place.and_then(|place| row.cells.get(place)).cloned().unwrap_or_default())
    };
    let lines = filled.rows().iter().map(|row| RollLine { row: row.number, cells: cells(row) });
    let lines: Vec<RollLine> = lines.filter(|line| !line.is_blank()).collect();
    let mut taken = HashSet::new();
    if entry == Entry::Account {
        let at = RollColumn::ALL.iter().position(|column| *column == RollColumn::Name).unwrap_or(0);
        for line in &lines {
            let name = line.cells[at].trim().to_lowercase();
            let there = store::lookup_user_by_name(q, &name).await?;
            // One that this same request made before it was repeated.
            let own = caller.key.is_some().then(|| user_id(caller, &name));
            if there.is_some_and(|user| Some(user.id) != own) {
                taken.insert(name);
            }
        }
    }
    let may_give =
        |role: Role, scope: Scope| policy::may_give(&caller.actor, role, scope) == Decision::Allowed;
    let ground = RollGround { campaign, units, taken: &|name| taken.contains(name), may_give: &may_give };
    let people = call(&ground, &lines, entry).map_err(|faults| {
        let told = |fault: &RollFault| filled.fault(fault.column.heading(), fault.row, words(&fault.why));
        Refusal::Invalid(faults.iter().map(told).collect())
    })?;
    if people.is_empty() {
        return Err(Refusal::invalid("file", "名单里没有人", "there is nobody in the list"));
    }
    Ok(people)
}

/// By what they are called, not by their row: whoever sends another list under the same key must not meet in it somebody
/// else's account.
fn user_id(caller: &Caller, name: &str) -> UserId {
    caller.id(&format!("user {}", name.to_lowercase()))
}

fn invitation_id(caller: &Caller, person: &Newcomer) -> InvitationId {
    let unit = person.scope.unit().map(|unit| unit.to_string()).unwrap_or_default();
    caller.id(&format!("invitation {} {unit} {}", person.role.code(), person.display_name))
}

fn words(why: &RollWhy) -> Words {
    match why {
        RollWhy::Missing => Words::new("请填写", "must not be empty"),
        RollWhy::TooLong => Words::new("最多50个字", "at most 50 characters"),
        RollWhy::UnknownRole => {
            Words::new("没有这个角色，请从下拉框里选", "no such role; choose one from the list")
        }
        RollWhy::NotToGive => Words::new("您不能给这个角色", "you may not give this role"),
        RollWhy::UnknownUnit => Words::new("没有这个单位", "there is no such unit"),
        RollWhy::ClosedUnit => Words::new("这个单位已撤销", "this unit is closed"),
        RollWhy::NeedsUnit => Words::new("联络员要写单位", "a liaison needs a unit"),
        RollWhy::NoPhone => Words::new("不是电话号码", "not a telephone number"),
        RollWhy::Taken => Words::new("用户名已被使用", "this name is taken"),
        RollWhy::Twice { row } => Words::new(format!("与第{row}行重复"), format!("the same as in row {row}")),
    }
}

/// What lets somebody in: made before the write, since a hash takes its time.
struct Key {
    secret: String,
    password_hash: Option<String>,
}

async fn key(app: &App, caller: &Caller, person: &Newcomer) -> Result<Key, Refusal> {
    let Some(name) = &person.name else {
        return Ok(Key { secret: hex(&caller.ids.secret()), password_hash: None });
    };
    let secret = loop {
        let made = one_time_password(&caller.ids.secret());
        if check_password(&app.login_rules, name, &made).is_empty() {
            break made;
        }
    };
    let password_hash = Some(password::hash(app, &secret).await?);
    Ok(Key { secret, password_hash })
}

/// Three groups of upper case, lower case, digit, lower case, without letters that look like others: `Kx7m-Rp4w-Dn9h`.
fn one_time_password(random: &[u8; 32]) -> String {
    const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
    const DIGIT: &[u8] = b"23456789";
    let pick = |from: &[u8], at: usize| {
        // Two bytes for each, so that no letter is noticeably likelier.
        let number = usize::from(random[2 * at]) << 8 | usize::from(random[2 * at + 1]);
        char::from(from[number % from.len()])
    };
    let group = |n: usize| -> String {
        [UPPER, LOWER, DIGIT, LOWER].iter().zip(4 * n..).map(|(from, at)| pick(from, at)).collect()
    };
    [group(0), group(1), group(2)].join("-")
}

/// Brings one person in: who they are as a user, and what is shown of how they come in.
async fn enter(
    tx: &Tx,
    caller: &Caller,
    person: &Newcomer,
    key: &Key,
    entrance: &Entrance,
) -> Result<(Option<UserId>, String), Refusal> {
    let (Some(name), Some(password_hash)) = (&person.name, &key.password_hash) else {
        let invitation = Invitation {
            id: invitation_id(caller, person),
            token_hash: secret_hash(&key.secret),
            display_name: person.display_name.clone(),
            role: person.role,
            scope: person.scope,
            created_by: caller.actor.user,
            created_at: caller.now,
            expires_at: caller.now + Duration::days(entrance.days),
            state: InvitationState::Open,
            takeover: None,
        };
        match store::lookup_invitation(tx, invitation.id).await? {
            None => drop(store::add_invitation(tx, &invitation).await?),
            Some(there) if there.state == InvitationState::Open => {
                store::save_invitation(tx, &invitation).await?;
            }
            Some(_) => return Ok((None, "已接受".to_owned())),
        }
        return Ok((None, format!("{}/join#{}", entrance.link_base.trim_end_matches('/'), key.secret)));
    };
    let id = user_id(caller, name);
    match store::lookup_user(tx, id).await? {
        None => {
            let user = User {
                id,
                name: name.clone(),
                display_name: person.display_name.clone(),
                password_hash: password_hash.clone(),
                created_at: caller.now,
                disabled_at: None,
                must_change_password: true,
                version: 1,
            };
            store::add_user(tx, &user).await?;
            let grant = GrantId(caller.ids.uuid(caller.now));
            store::add_grant(tx, &Grant::new(grant, id, person.role, person.scope)).await?;
        }
        Some(there) if there.must_change_password => {
            store::save_user(tx, &User { password_hash: password_hash.clone(), ..there }).await?;
        }
        Some(_) => return Ok((Some(id), "已改密码".to_owned())),
    }
    Ok((Some(id), key.secret.clone()))
}

/// A liaison with a phone is one whom the unit's page names, as long as it has room.
fn contact_of(person: &Newcomer, user: Option<UserId>) -> Option<(UnitId, Contact)> {
    let unit = person.scope.unit().filter(|_| person.role == Role::Liaison)?;
    let phone = Some(person.phone.clone()?);
    let name = normal(&person.display_name);
    Some((unit, Contact { post: Post::Liaison, name, duty_title: None, phone, user }))
}

async fn add_contacts(tx: &Tx, units: &[Unit], contacts: Vec<(UnitId, Contact)>) -> Result<(), Refusal> {
    for unit in units {
        let room = Contact::MOST.saturating_sub(unit.contacts.len());
        let of_unit = contacts.iter().filter(|(id, _)| *id == unit.id).map(|(_, contact)| contact.clone());
        let new: Vec<Contact> = of_unit.take(room).collect();
        let contacts = joined(&unit.contacts, &new);
        if contacts != unit.contacts {
            campaigns::save_unit(tx, &Unit { contacts, ..unit.clone() }).await?;
        }
    }
    Ok(())
}

fn line(person: &Newcomer, units: &[Unit], shown: String) -> PersonLine {
    let unit = person.scope.unit().and_then(|id| units.iter().find(|unit| unit.id == id));
    PersonLine {
        row: person.row,
        display_name: person.display_name.clone(),
        name: person.name.clone().unwrap_or_default(),
        role: role_words(person.role)[0].to_owned(),
        unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        phone: person.phone.clone().unwrap_or_default(),
        shown,
    }
}

#[cfg(test)]
mod tests {
    use chengjing_domain::people::LoginRules;

    use super::*;

    #[test]
    fn a_one_time_password_meets_the_rules_and_has_no_letters_that_look_alike() {
        for seed in 0..=255_u8 {
            let random: [u8; 32] = std::array::from_fn(|at| seed.wrapping_mul(31).wrapping_add(at as u8 * 7));
            let made = one_time_password(&random);
            assert_eq!(made.len(), 14);
            assert!(!made.contains(['O', '0', 'I', 'l', '1', 'o']), "{made}");
            let faults = check_password(&LoginRules::default(), "wangfang", &made);
            assert!(
                faults.iter().all(|fault| matches!(fault, chengjing_domain::people::PasswordFault::TooUsual)),
                "{made} {faults:?}"
            );
        }
    }
}
