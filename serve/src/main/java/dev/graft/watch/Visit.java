package dev.graft.watch;

import java.util.List;
import java.util.Optional;

/**
 * One request on its way through the service, and what is learnt of it there.
 *
 * <p>It is handed from thread to thread with the request, and has one writer at a time.
 */
public final class Visit {
    private final Watch watch;
    private final String method;
    private final Caller caller;
    private long begun;
    private String predictionId = "";
    private Optional<String> model = Optional.empty();
    private String version = "";
    private List<String> texts = List.of();
    private Stages stages = Stages.NONE;
    private Outcome outcome = Outcome.SUCCESS;
    private String traceId = "";

    Visit(Watch watch, String method, Caller caller) {
        this.watch = watch;
        this.method = method;
        this.caller = caller;
        this.begun = System.nanoTime();
    }

    /** The whole request is here: from now on the time is the service's own. */
    public void arrived() {
        begun = System.nanoTime();
    }

    /** The id that the answer carries. */
    public void predictionId(String id) {
        predictionId = id;
    }

    /** Which version of which model answers. */
    public void model(String name, String itsVersion) {
        model = Optional.of(name);
        version = itsVersion;
    }

    /** The texts that are asked about; kept only where they are to be written down. */
    public void texts(List<String> inputs) {
        if (watch.keepsTexts()) {
            texts = inputs;
        }
    }

    /** The texts became tokens, and now wait. */
    public void tokenised(long since, long nanos) {
        stages = stages.tokenised(since - begun, nanos);
    }

    /** The tokens were computed; the longest of several. */
    public void computed(long queuedNanos, long inferNanos) {
        stages = stages.computed(queuedNanos, inferNanos);
    }

    /** The answer was written. */
    public void written(long nanos) {
        stages = stages.written(elapsed() - nanos, nanos);
    }

    /** Nanoseconds since the request was here. */
    public long elapsed() {
        return System.nanoTime() - begun;
    }

    /** The request is answered, or refused; said once, at its end. */
    public void end(Outcome how) {
        outcome = how;
        stages = stages.ended(elapsed());
        watch.ended(this);
    }

    void traceId(String id) {
        traceId = id;
    }

    /** The id of the trace that the request belongs to; empty where there is none. */
    String traceId() {
        return traceId;
    }

    String method() {
        return method;
    }

    Caller caller() {
        return caller;
    }

    String predictionId() {
        return predictionId;
    }

    /** Empty where the request ended before its model was found. */
    Optional<String> model() {
        return model;
    }

    String version() {
        return version;
    }

    List<String> texts() {
        return texts;
    }

    Stages stages() {
        return stages;
    }

    Outcome outcome() {
        return outcome;
    }
}
