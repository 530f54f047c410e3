use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::Result;
use chengjing_api::Settings;

use super::serve::{Door, serve};
use crate::{
    demo,
    world::{Place, clock_from},
};

/// Run a made-up county to look around in
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The county, its plan and its people are made up. The clock starts at the same moment every time, \
so that what is late stays late. Without --data it is made anew at every start, in a folder that is \
removed again.")]
pub(crate) struct Demo {
    #[command(flatten)]
    door: Door,
    /// Keep the county here
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print the logins as JSON and end
    #[arg(long)]
    print_logins: bool,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let logins = demo::logins();
        if self.print_logins {
            let logins: Vec<_> = logins
                .iter()
                .map(|login| serde_json::json!({ "role": login.role, "name": login.name, "password": login.password }))
                .collect();
            println!("{}", serde_json::to_string_pretty(&logins)?);
            return Ok(ExitCode::SUCCESS);
        }
        let own = std::env::temp_dir().join(format!("chengjing-demo-{}", std::process::id()));
        let data = self.data.clone().unwrap_or_else(|| own.clone());
        let started = Instant::now();
        let wheel = demo::Wheel::default();
        let clock = wheel.on(clock_from(demo::moment()));
        let app = Place { data, database: None, files: None }.open(clock).await?;
        demo::fill(&app, &wheel).await?;
        println!("The county is ready after {:.1} s.", started.elapsed().as_secs_f64());
        let settings = Settings { demo_logins: Some(logins), ..Settings::default() };
        let served = serve(app, &self.door, settings).await;
        if self.data.is_none() {
            std::fs::remove_dir_all(own).ok();
        }
        served?;
        Ok(ExitCode::SUCCESS)
    }
}
