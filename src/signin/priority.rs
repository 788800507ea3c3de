//! Lets the hashing threads step back behind every other one.

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// Lets every other thread go first: `SCHED_IDLE` (sched(7)), else the lowest priority there is.
pub(super) fn lower() {
    if let Err(error) = idle().or_else(|_| set_current_thread_priority(ThreadPriority::Min)) {
        log::debug!(target: "genkan::signin", event = "lane_priority_unchanged"; "hashing threads keep their priority: {error:?}");
    }
}

#[cfg(target_os = "linux")]
fn idle() -> Result<(), thread_priority::Error> {
    use thread_priority::unix::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id};
    let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy)
}

#[cfg(not(target_os = "linux"))]
fn idle() -> Result<(), thread_priority::Error> {
    set_current_thread_priority(ThreadPriority::Min)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use thread_priority::unix::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy};

    use crate::config::PasswordConfig;
    use crate::signin::lane::Lane;

    #[tokio::test]
    async fn pw_09_jobs_run_at_the_lowest_priority() {
        let lane = Lane::new(&PasswordConfig { threads: 1, ..PasswordConfig::default() }).expect("a thread");

        let policy = lane.enter().await.expect("free").run(thread_schedule_policy).await.expect("a result");

        assert_eq!(policy.ok(), Some(ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle)));
    }
}
