//! Whether something can be recorded: all that is wrong with it, each fault at its place.

use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    attachment::AttachedTo,
    clock::end_of_day,
    id::{AttachmentId, CampaignId, ObservationId, SiteId, StandardId, UnitId},
    observation::{KeptObservation, Period, Site},
    score::{Fact, FactKind, Fit},
    standard::Whole,
};
use chengjing_store::{
    Queries, attachment as attachments, campaign as campaigns, observation as store, site,
};

use super::NewObservation;
use crate::{
    App, Caller, Refusal,
    refusal::Faults,
    score::leaf::things,
    standard::assess::{Assessing, assessing},
    unit::CLOSED as UNIT_CLOSED,
};

/// How long what a population group is called may be, in characters.
const LONGEST_GROUP: usize = 50;

/// What new observations are looked at against.
pub(crate) struct Checker<'a> {
    caller: &'a Caller,
    campaign: CampaignId,
    standards: Vec<Assessing>,
    sites: HashMap<SiteId, Site>,
    /// Types of which there are sites that are not closed.
    there: HashSet<String>,
    /// The units of the campaign, and whether each is closed.
    units: HashMap<UnitId, bool>,
    /// The unsuperseded figures that there are, by statistic, period and unit.
    figures: HashMap<(String, String, Option<UnitId>), ObservationId>,
    /// What each file is attached to that is named.
    files: HashMap<AttachmentId, Option<AttachedTo>>,
    pub(crate) faults: Faults,
}

impl<'a> Checker<'a> {
    /// `replaced`: what is to be superseded; those figures may be recorded anew.
    pub(crate) async fn load(
        app: &App,
        q: &impl Queries,
        caller: &'a Caller,
        campaign: CampaignId,
        new: &[NewObservation],
        replaced: &HashSet<ObservationId>,
    ) -> Result<Self, Refusal> {
        let mut site_ids = Vec::new();
        let mut types = HashSet::new();
        let mut statistics = HashSet::new();
        for one in new {
            match &one.fact {
                Fact::Visit { site, .. } => site_ids.extend(site.parse().ok().map(SiteId)),
                Fact::NoSites { site_type } => {
                    types.insert(site_type.as_str());
                }
                Fact::Figure { statistic, .. } if one.period.is_some() => {
                    statistics.insert((FactKind::Figure, statistic.clone()));
                }
                _ => {}
            }
        }
        let sites = site::list_of(q, campaign, &site_ids).await?;
        let types: Vec<&str> = types.into_iter().collect();
        let statistics: Vec<(FactKind, String)> = statistics.into_iter().collect();
        let mut figures = HashMap::new();
        for one in store::list_of_things(q, campaign, &statistics, caller.now).await? {
            if one.superseded_by.is_none()
                && !one.withdraws
                && !replaced.contains(&one.id)
                && let Some(period) = &one.period
            {
                figures.insert((one.fact.about().to_owned(), period.clone(), one.unit), one.id);
            }
        }
        let mut files = HashMap::new();
        for id in new.iter().flat_map(|one| &one.files) {
            // What somebody else brought and nothing is attached to is not there for the caller.
            if let Some(file) = attachments::lookup(q, campaign, *id).await?
                && (file.subject.is_some() || file.uploaded_by == caller.actor.user)
            {
                files.insert(*id, file.subject);
            }
        }
        Ok(Self {
            caller,
            campaign,
            standards: assessing(app, q, campaign).await?,
            sites: sites.into_iter().map(|site| (site.id, site)).collect(),
            there: site::types_there(q, campaign, &types).await?.into_iter().collect(),
            units: campaigns::all_units(q, campaign)
                .await?
                .into_iter()
                .map(|unit| (unit.id, unit.closed_at.is_some()))
                .collect(),
            figures,
            files,
            faults: Faults::default(),
        })
    }

    /// One of them as it would be kept, whatever is wrong with it.
    pub(crate) fn keep(&mut self, place: &str, id: ObservationId, new: NewObservation) -> KeptObservation {
        let at = |field: &str| if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") };
        let (longest_source, longest_period, longest_round) = KeptObservation::LONGEST;
        let source = self.faults.text(&at("source"), &new.source, longest_source);
        let round = new.round.map(|round| self.faults.text(&at("round"), &round, longest_round));
        let period = new.period.map(|period| self.faults.text(&at("period"), &period, longest_period));
        let read = period.as_ref().map(|period| period.parse::<Period>());
        if let Some(Err(_)) = read {
            self.faults.add(
                at("period"),
                "应写作 2026、2026-Q3 或 2026-06",
                "expected 2026, 2026-Q3 or 2026-06",
            );
        }
        let now = self.caller.now;
        let made = new.at.unwrap_or_else(|| match read {
            Some(Ok(period)) => end_of_day(period.last_day()).min(now),
            _ => now,
        });
        if made > now {
            self.faults.add(at("at"), "不能晚于现在", "it lies in the future");
        }
        if let Some(unit) = new.unit {
            match self.units.get(&unit) {
                None => self.faults.add(at("unit_id"), "没有这个单位", "there is no such unit"),
                Some(true) => self.faults.add(at("unit_id"), UNIT_CLOSED.0, UNIT_CLOSED.1),
                Some(false) => {}
            }
        }
        if new.covert && new.fact.kind() != FactKind::Visit {
            self.faults.add(at("covert"), "只有实地考察可以是暗访", "only visits are covert");
        }
        if let Fact::Answers { group: Some(group), .. } = &new.fact {
            self.faults.text(&at("fact.group"), group, LONGEST_GROUP);
        }
        self.look_at_files(&at("files"), &new.files);
        self.look_at_fact(&at, &new.fact, new.standard);
        if let (Fact::Figure { statistic, .. }, Some(Ok(period))) = (&new.fact, read) {
            // Standards that share it may ask for figures of unlike periods: what one of them asks for is recorded.
            let asks = |whole: &&Whole| {
                (0..whole.leaves.len())
                    .any(|leaf| things(whole, leaf).contains(&(FactKind::Figure, statistic.clone())))
            };
            let asked = self.standards.iter().map(|one| &one.opened.whole).filter(asks);
            let asked = asked.filter_map(|whole| whole.statistic(statistic));
            let unfit: Option<Vec<(String, String)>> = asked.map(|one| one.unfit(period)).collect();
            if let Some((zh, en)) = unfit.unwrap_or_default().into_iter().next() {
                self.faults.add(at("period"), zh, en);
            }
        }
        if let (Fact::Figure { statistic, .. }, Some(period)) = (&new.fact, &period) {
            let key = (statistic.clone(), period.clone(), new.unit);
            if self.figures.insert(key, id).is_some() {
                self.faults.add(
                    at("period"),
                    "这一期的数已经登记，请更正原来的数",
                    "there is a figure for this period; supersede that one",
                );
            }
        }
        KeptObservation {
            campaign: self.campaign,
            id,
            at: made,
            accepted_at: new.accepted.then_some(now),
            covert: new.covert,
            released_at: None,
            round,
            fact: new.fact,
            standard: new.standard,
            unit: new.unit,
            source,
            period,
            files: new.files,
            superseded_by: None,
            withdraws: false,
            by: chengjing_domain::ledger::Author::User(self.caller.actor.user),
            recorded_at: now,
        }
    }

    /// Each is the caller's own, belongs to a material, or proves another observation: a yearbook holds many figures.
    fn look_at_files(&mut self, path: &str, files: &[AttachmentId]) {
        let most = crate::attachment::attach::MOST;
        if files.len() > most {
            self.faults.add(path, format!("最多附{most}个文件"), format!("at most {most} files"));
        }
        for (n, id) in files.iter().enumerate() {
            match self.files.get(id) {
                Some(None | Some(AttachedTo::Observation(_) | AttachedTo::Evidence(_))) => {}
                Some(Some(AttachedTo::Duty(_) | AttachedTo::Task(_))) => self.faults.add(
                    format!("{path}[{n}]"),
                    "这个附件已用于别处",
                    "it is attached to something else",
                ),
                None => self.faults.add(
                    format!("{path}[{n}]"),
                    "没有这个附件，请重新上传",
                    "there is no such attachment",
                ),
            }
        }
    }

    /// What a standard that the campaign is assessed by asks for, and as it asks for it.
    fn look_at_fact(&mut self, at: &dyn Fn(&str) -> String, fact: &Fact, standard: Option<StandardId>) {
        let own = fact.kind().is_of_one_standard();
        let may_be_own = fact.kind().may_be_of_one_standard();
        let asked: Vec<&Assessing> = match (own, standard) {
            (true, None) => {
                self.faults.add(at("standard_id"), "请说明是哪个测评体系的", "of which standard?");
                return;
            }
            (false, Some(_)) if !may_be_own => {
                let (zh, en) = ("各体系共用的事项不属于某一个体系", "it is about what standards share");
                self.faults.add(at("standard_id"), zh, en);
                return;
            }
            (_, Some(id)) => self.standards.iter().filter(|one| one.standard == id).collect(),
            (false, None) => self.standards.iter().collect(),
        };
        let site_type = match fact {
            Fact::Visit { site, .. } => {
                let site = site.parse().ok().and_then(|id| self.sites.get(&SiteId(id)));
                if site.is_some_and(|site| site.closed_at.is_some()) {
                    self.faults.add(at("fact.site"), "该点位已停用", "this site is closed");
                    return;
                }
                site.map(|site| site.site_type.as_str())
            }
            _ => None,
        };
        let (mut fits, mut unknown) = (false, None);
        for one in asked {
            match fact.fit(&one.opened.whole, site_type, &|site_type| self.there.contains(site_type)) {
                Fit::Fits => fits = true,
                Fit::Unknown(fault) => {
                    unknown.get_or_insert(fault);
                }
                Fit::Unfit(fault) => {
                    self.faults.add(at(&format!("fact.{}", fault.path)), fault.zh, fault.en);
                    return;
                }
            }
        }
        match unknown {
            _ if fits => {}
            Some(fault) => self.faults.add(at(&format!("fact.{}", fault.path)), fault.zh, fault.en),
            None if own => self.faults.add(
                at("standard_id"),
                "创建项目没有用这个测评体系",
                "the campaign is not assessed by this standard",
            ),
            None => self.faults.add(
                at("fact"),
                "创建项目还没有关联测评体系",
                "the campaign is not assessed by any standard yet",
            ),
        }
    }
}
