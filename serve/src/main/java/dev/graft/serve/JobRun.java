package dev.graft.serve;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.data.Columns;
import dev.graft.data.Row;
import dev.graft.data.RowSource;
import dev.graft.predict.AnswerFormat;
import dev.graft.predict.AnswerWriter;
import dev.graft.predict.TableAnswers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One batch job from its first row to its last, answered by one version of its model. */
record JobRun(Job job, JobStore store, Models models, int mostRows) {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

    /** Runs to an end, whichever; only a job that was stopped is left as it is. */
    void run() {
        JobRecord record = job.record();
        Path input = store.file(record.id(), record.input());
        try (Models.Use use = models.use(record.model(), "")) {
            job.change(now -> now.running(use.model().version(), now()));
            store.save(job.record());
            long rows = count(input, record);
            job.change(now -> now.at(rows, 0));
            answer(input, use.model());
            end(JobState.SUCCEEDED, "");
        } catch (JobStopped stopped) {
            // the one who stopped it says what becomes of it
        } catch (Problem problem) {
            end(JobState.FAILED, problem.detail());
        } catch (InputException wrong) {
            end(JobState.FAILED, told(input, wrong));
        } catch (GraftException failed) {
            LOG.error("A job failed", failed);
            end(JobState.FAILED, "The server's disk does not take the result");
        } catch (RuntimeException | Error e) {
            LOG.error("A job failed for a reason that nobody foresaw", e);
            end(JobState.FAILED, "The job failed for a reason inside the server");
        }
    }

    private void end(JobState state, String why) {
        job.change(now -> now.ended(state, why, now()));
        store.save(job.record());
    }

    /** The time, to the millisecond. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Messages name the file by its place on the server, which is no business of callers. */
    private static String told(Path input, InputException wrong) {
        return String.valueOf(wrong.getMessage()).replace(input.toString(), "The file");
    }

    /** Reads the whole file once, so that what is wrong with it is told before anything is computed. */
    private long count(Path input, JobRecord record) {
        try (RowSource rows = RowSource.open(input)) {
            columns(rows, record);
            long count = 0;
            for (Row unused : rows) {
                count++;
                if (job.stopping()) {
                    throw new JobStopped();
                }
            }
            return count;
        }
    }

    private static Columns columns(RowSource rows, JobRecord record) {
        Optional<String> named = Optional.of(record.text()).filter(name -> !name.isEmpty());
        return Columns.textOnly(rows.file(), rows.columns(), rows.sample(), named);
    }

    private void answer(Path input, ServedModel model) {
        JobRecord record = job.record();
        AnswerFormat format = AnswerFormat.ofExtension(record.output()).orElseThrow();
        try (RowSource rows = RowSource.open(input)) {
            Columns columns = columns(rows, record);
            SafeFile.write(store.file(record.id(), record.result()), out -> write(rows, columns, model, format, out));
        }
    }

    private void write(RowSource rows, Columns columns, ServedModel model, AnswerFormat format, OutputStream out)
            throws IOException {
        DiskSpace.Counted counted = store.space().counted(out);
        try {
            TableAnswers.write(
                    rows,
                    columns,
                    texts -> new JobAnswers(texts, model, mostRows, job::stopping),
                    AnswerWriter.of(format, model.model().reading().kind(), counted),
                    job::progress);
        } catch (IOException | RuntimeException | Error e) {
            counted.giveBack();
            throw e;
        }
    }
}
