use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// What somebody is to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// 负责人: answers for what the unit owes.
    Head,
    /// 联络员: does the unit's paperwork and is called first.
    Liaison,
    /// 挂钩领导, 包抓领导: a leader of the campaign who looks after the unit.
    LinkedLeader,
}

impl Post {
    pub const ALL: [Self; 3] = [Self::Head, Self::Liaison, Self::LinkedLeader];

    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Liaison => "liaison",
            Self::LinkedLeader => "linked_leader",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.code() == code)
    }
}

/// Somebody of a unit: whom to call, and, where they log in, as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub post: Post,
    /// 姓名.
    pub name: String,
    /// 职务: 局长, 办公室主任 …
    pub duty_title: Option<String>,
    /// As [`phone_of`] writes it.
    pub phone: Option<String>,
    /// The user that they are. A contact gives no rights; those come from roles alone.
    pub user: Option<UserId>,
}

impl Contact {
    /// Longest name and duty title, in characters.
    pub const LONGEST: usize = 50;
    /// Contacts of one unit.
    pub const MOST: usize = 20;
}

/// A telephone number as it is kept: digits with `-` between, `+` in front, 转 before an extension. None where it is not
/// one: short numbers of an office's own exchange are, words are not.
pub fn phone_of(typed: &str) -> Option<String> {
    let mut phone = String::with_capacity(typed.len());
    for c in typed.trim().chars() {
        match c {
            '0'..='9' | '转' => phone.push(c),
            '０'..='９' => phone.push(char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))?),
            '+' | '＋' if phone.is_empty() => phone.push('+'),
            '-' | '－' | '—' | '–' | ')' | '）' if !phone.is_empty() && !phone.ends_with('-') => {
                phone.push('-');
            }
            // Blanks and brackets only group.
            ' ' | '\u{a0}' | '\u{3000}' | '(' | '（' | '-' | '—' => {}
            _ => return None,
        }
    }
    let (number, extension) = phone.split_once('转').map_or((phone.as_str(), None), |(n, e)| (n, Some(e)));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let whole = number.ends_with(|c: char| c.is_ascii_digit())
        && extension.is_none_or(|e| !e.is_empty() && e.len() <= 8 && e.chars().all(|c| c.is_ascii_digit()));
    (whole && (3..=16).contains(&digits)).then_some(phone)
}

/// The contacts of two entries that were one unit: who stands in both under one post is one person.
pub fn joined(kept: &[Contact], other: &[Contact]) -> Vec<Contact> {
    let mut all = kept.to_vec();
    for contact in other {
        match all.iter_mut().find(|there| there.post == contact.post && there.name == contact.name) {
            None => all.push(contact.clone()),
            Some(there) => {
                there.duty_title = there.duty_title.take().or_else(|| contact.duty_title.clone());
                there.phone = there.phone.take().or_else(|| contact.phone.clone());
                there.user = there.user.or(contact.user);
            }
        }
    }
    all.sort_by_key(|contact| contact.post);
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_telephone_number_is_kept_in_one_form_and_words_are_none() {
        let cases = [
            ("13812345678", Some("13812345678")),
            (" 138 1234 5678 ", Some("13812345678")),
            ("１３８12345678", Some("13812345678")),
            ("0851-8612345", Some("0851-8612345")),
            ("（0851）8612345", Some("0851-8612345")),
            ("(0851)-8612345", Some("0851-8612345")),
            ("+86 138-1234-5678", Some("+86138-1234-5678")),
            ("0851-8612345转801", Some("0851-8612345转801")),
            ("61234", Some("61234")),
            ("12345", Some("12345")),
            ("", None),
            ("12", None),
            ("-", None),
            ("0851-", None),
            ("0851-8612345转", None),
            ("办公室", None),
            ("138123456789012345", None),
            ("1381234+5678", None),
        ];
        for (typed, kept) in cases {
            assert_eq!(phone_of(typed).as_deref(), kept, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_of_a_number_is_kept_again(typed in "[0-9 ()（）+转—-]{0,24}") {
            if let Some(kept) = phone_of(&typed) {
                prop_assert_eq!(phone_of(&kept), Some(kept));
            }
        }
    }

    #[test]
    fn contacts_of_two_entries_are_joined_by_post_and_name() {
        let contact =
            |post, name: &str| Contact { post, name: name.into(), duty_title: None, phone: None, user: None };
        let user = UserId(Uuid::from_u128(1));
        let kept = [
            contact(Post::Head, "王芳"),
            Contact { phone: Some("61234".into()), ..contact(Post::Liaison, "李强") },
        ];
        let other = [
            contact(Post::LinkedLeader, "张伟"),
            Contact {
                phone: Some("13812345678".into()), user: Some(user), ..contact(Post::Liaison, "李强")
            },
            contact(Post::Liaison, "王芳"),
        ];
        let expected = [
            kept[0].clone(),
            Contact { user: Some(user), ..kept[1].clone() },
            contact(Post::Liaison, "王芳"),
            contact(Post::LinkedLeader, "张伟"),
        ];
        assert_eq!(joined(&kept, &other), expected);
        assert_eq!(joined(&expected, &other), expected, "once more changes nothing");
    }
}
