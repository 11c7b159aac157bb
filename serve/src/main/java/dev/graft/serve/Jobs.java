package dev.graft.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Batch jobs: one runs at a time, the others wait in order. Those that a server leaves unfinished in a folder that is
 * kept begin anew with the next server.
 */
final class Jobs implements AutoCloseable {
    private final JobSettings settings;
    private final Models models;
    private final JobStore store;
    private final int mostRows;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    /** What is to be run; nothing is there when there will be no more. */
    private final BlockingQueue<Optional<Job>> waiting = new LinkedBlockingQueue<>();

    private final Thread running = new Thread(this::runAll, "graft-jobs");
    private @Nullable Job current;
    private int coming;
    private volatile boolean stopping;

    Jobs(ServeSettings settings, Models models) {
        this.settings = settings.jobs();
        this.models = models;
        this.mostRows =
                Math.min(settings.batching().maxRows(), settings.batching().maxQueued());
        this.store = new JobStore(settings.jobs());
        running.setDaemon(true);
    }

    /** Begins to run, first what an earlier server has left. */
    void begin() {
        for (JobRecord record : store.found()) {
            JobRecord now = record.state().ended() ? record : record.waiting();
            put(new Job(now));
        }
        running.start();
    }

    private synchronized void put(Job job) {
        jobs.put(job.record().id(), job);
        if (!job.record().state().ended()) {
            waiting.add(Optional.of(job));
        }
    }

    JobSettings settings() {
        return settings;
    }

    DiskSpace space() {
        return store.space();
    }

    /**
     * Takes a job in once its file is there.
     *
     * @throws Problem if there is no room, or the job is not what it must be
     */
    Job add(String id, JobStore.Filling filling) {
        enter();
        try {
            var job = new Job(store.add(id, filling));
            if (stopping) {
                store.delete(id);
            }
            requireOpen();
            put(job);
            return job;
        } finally {
            leave();
        }
    }

    private void requireOpen() {
        if (stopping) {
            throw new Problem(Problem.Type.UNAVAILABLE, "The server is stopping");
        }
    }

    private synchronized void enter() {
        requireOpen();
        dropOld();
        if (jobs.size() + coming >= settings.maxJobs()) {
            throw new Problem(
                    Problem.Type.OVERLOADED,
                    "As many jobs are kept as --max-jobs allows; delete one that has ended, or come back later",
                    Duration.ofSeconds(60));
        }
        coming++;
    }

    private synchronized void leave() {
        coming--;
    }

    /** All jobs of an owner, in the order in which they came. */
    synchronized List<JobRecord> all(String owner) {
        dropOld();
        return jobs.values().stream()
                .map(Job::record)
                .filter(record -> record.isOf(owner))
                .toList();
    }

    /** @throws Problem if there is no such job, or it is another owner's, whom the answer does not give away */
    synchronized Job job(String id, String owner) {
        dropOld();
        return Optional.ofNullable(jobs.get(id))
                .filter(job -> job.record().isOf(owner))
                .orElseThrow(() -> new Problem(
                        Problem.Type.NOT_FOUND, "There is no job '" + Names.shown(id) + "' any more, or yet"));
    }

    /** The result of a job. */
    Path result(JobRecord record) {
        if (record.state() != JobState.SUCCEEDED) {
            throw new Problem(
                    Problem.Type.CONFLICT,
                    record.state() == JobState.FAILED
                            ? "The job failed: " + record.problem()
                            : "The job is " + record.state().word() + "; it has no result yet");
        }
        return store.file(record.id(), record.result());
    }

    /** Calls a job off, and removes it with its files. */
    void delete(String id, String owner) {
        Job job;
        boolean runs;
        synchronized (this) {
            job = job(id, owner);
            jobs.remove(id);
            waiting.remove(Optional.of(job));
            runs = job.equals(current);
        }
        job.stop();
        job.change(now -> now.ended(JobState.CANCELLED, "", JobRun.now()));
        if (!runs) {
            store.delete(id);
        }
    }

    private void dropOld() {
        Instant oldest = Instant.now().minus(settings.keep());
        List<Job> old = jobs.values().stream()
                .filter(job -> job.record().state().ended()
                        && Instant.parse(job.record().ended()).isBefore(oldest))
                .toList();
        for (Job job : old) {
            jobs.remove(job.record().id());
            store.delete(job.record().id());
        }
    }

    private void runAll() {
        try {
            while (!stopping) {
                Optional<Job> next = waiting.take().filter(this::begins);
                if (next.isPresent()) {
                    new JobRun(next.get(), store, models, mostRows).run();
                    hasRun(next.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean begins(Job job) {
        current = job;
        return jobs.containsValue(job);
    }

    /** The files of a job that was removed while it ran go now that nothing writes to them. */
    private synchronized void hasRun(Job job) {
        current = null;
        if (!jobs.containsValue(job)) {
            store.delete(job.record().id());
        }
    }

    /** Stops what runs, and lets those go who listen; files and results can still be read. */
    void stop() {
        stopping = true;
        List<Job> all;
        synchronized (this) {
            all = List.copyOf(jobs.values());
        }
        all.forEach(Job::stop);
        waiting.add(Optional.empty());
        try {
            running.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Job job : all) {
            if (!job.record().state().ended()) {
                job.change(JobRecord::waiting);
                store.save(job.record());
            }
            job.letGo();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
