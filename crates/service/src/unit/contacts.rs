use std::collections::HashSet;

use chengjing_domain::{
    campaign::{Contact, Post, Unit, naming::normal, phone_of, roster::BETWEEN},
    id::{CampaignId, UserId},
};
use chengjing_store::{Queries, StoreError, people};
use serde_json::{Value, json};

use super::{ContactText, UnitChange};
use crate::{difference::Difference, refusal::Faults};

/// Those whom a change makes contacts and who belong to the campaign.
pub(super) async fn belonging(
    q: &impl Queries,
    campaign: CampaignId,
    change: &UnitChange,
) -> Result<HashSet<UserId>, StoreError> {
    let named: Vec<UserId> = change.contacts.iter().flatten().filter_map(|contact| contact.user).collect();
    if named.is_empty() {
        return Ok(HashSet::new());
    }
    people::list_belonging(q, campaign, &named).await
}

/// Puts people into a unit; `belonging` are those of them who may be named as users.
pub(super) fn put(
    unit: &mut Unit,
    contacts: &[ContactText],
    belonging: &HashSet<UserId>,
    faults: &mut Faults,
) {
    if contacts.len() > Contact::MOST {
        let (zh, en) = (format!("最多{}人", Contact::MOST), format!("at most {} people", Contact::MOST));
        faults.add("contacts", zh, en);
        return;
    }
    let mut kept: Vec<Contact> = Vec::with_capacity(contacts.len());
    for (text, index) in contacts.iter().zip(0..) {
        let path = |field: &str| format!("contacts[{index}].{field}");
        let name = normal(&faults.text(&path("name"), &text.name, Contact::LONGEST));
        if name.contains(BETWEEN) {
            faults.add(path("name"), "一行只写一个人", "one person a line");
        }
        if kept.iter().any(|there| there.post == text.post && there.name == name) {
            faults.add(path("name"), "同一个人写了两次", "the same person is named twice");
        }
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let duty_title =
            given(&text.duty_title).map(|title| faults.text(&path("duty_title"), &title, Contact::LONGEST));
        let phone = given(&text.phone).and_then(|typed| {
            let phone = phone_of(&typed);
            if phone.is_none() {
                faults.add(path("phone"), "不是电话号码", "not a telephone number");
            }
            phone
        });
        // Who was named before stays so, also after their roles ended.
        let named_before = unit.contacts.iter().any(|there| there.user == text.user);
        if text.user.is_some_and(|user| !named_before && !belonging.contains(&user)) {
            faults.add(path("user_id"), "本项目没有这个用户", "there is no such user in this campaign");
        }
        kept.push(Contact { post: text.post, name, duty_title, phone, user: text.user });
    }
    kept.sort_by_key(|contact| contact.post);
    unit.contacts = kept;
}

/// What the ledger is told of changed people: who, as what; of phones only that they changed.
pub(super) fn tell(difference: &mut Difference, before: &[Contact], after: &[Contact]) {
    let public = |contacts: &[Contact]| -> Vec<(Post, String, Option<String>, Option<UserId>)> {
        contacts.iter().map(|c| (c.post, c.name.clone(), c.duty_title.clone(), c.user)).collect()
    };
    let (one, other) = (public(before), public(after));
    difference.of("contacts", &one, &other, |contacts| {
        let told = contacts.iter().map(|(post, name, duty_title, user)| {
            json!({ "post": post.code(), "name": name, "duty_title": duty_title, "user_id": user })
        });
        Value::Array(told.collect())
    });
    let phones = |contacts: &[Contact]| -> Vec<_> {
        contacts.iter().map(|c| (c.post, c.name.clone(), c.phone.clone())).collect()
    };
    if phones(before).iter().filter(|p| p.2.is_some()).ne(phones(after).iter().filter(|p| p.2.is_some())) {
        difference.secretly("contact_phones");
    }
}
