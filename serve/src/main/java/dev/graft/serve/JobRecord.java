package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What is known of a batch job, as it is kept on disk; times are ISO 8601, and empty where there is none yet.
 *
 * @param owner the name of the key that it came with; empty where there were no keys
 * @param input the name of its file in the job's folder
 * @param output the extension of its result, without a dot
 * @param text the column that its caller named; empty for none
 * @param rows of its file; 0 until they are counted
 * @param done rows that are answered
 * @param problem why it failed; else empty
 */
record JobRecord(
        String id,
        String owner,
        JobState state,
        String model,
        String version,
        String input,
        String output,
        String text,
        String created,
        String started,
        String ended,
        long rows,
        long done,
        String problem) {
    /** A job that has just come. */
    static JobRecord queued(
            String id, String owner, String model, String input, String output, String text, String created) {
        return new JobRecord(id, owner, JobState.QUEUED, model, "", input, output, text, created, "", "", 0, 0, "");
    }

    /** The job as it waits for its turn, which may be its second one. */
    JobRecord waiting() {
        return queued(id, owner, model, input, output, text, created);
    }

    JobRecord running(String byVersion, String now) {
        return new JobRecord(
                id, owner, JobState.RUNNING, model, byVersion, input, output, text, created, now, "", 0, 0, "");
    }

    JobRecord at(long ofRows, long rowsDone) {
        return new JobRecord(
                id, owner, state, model, version, input, output, text, created, started, ended, ofRows, rowsDone,
                problem);
    }

    JobRecord ended(JobState as, String why, String now) {
        return new JobRecord(
                id, owner, as, model, version, input, output, text, created, started, now, rows, done, why);
    }

    /** The name of the result in the job's folder. */
    String result() {
        return "result." + output;
    }

    /** Whether it came with a key, or without one where there are none. */
    boolean isOf(String asking) {
        return owner.equals(asking);
    }

    /** Writes what callers see. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("state", state.word());
        json.writeStringField("model", model);
        optional(json, "version", version);
        json.writeStringField("output", output);
        json.writeStringField("created", created);
        optional(json, "started", started);
        optional(json, "ended", ended);
        json.writeNumberField("rows", rows);
        json.writeNumberField("done", done);
        optional(json, "problem", problem);
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }
}
