package dev.graft.predict;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

/** A text that waits for its turn; equal only to itself. */
final class Waiting {
    /** Higher priorities first, and among equal ones who came first. */
    static final Comparator<Waiting> BY_URGENCY = Comparator.<Waiting>comparingInt(waiting -> -waiting.terms.priority())
            .thenComparingLong(waiting -> waiting.number);

    /** Short texts first, and among equal lengths the more urgent. */
    static final Comparator<Waiting> BY_LENGTH =
            Comparator.comparingInt(Waiting::length).thenComparing(BY_URGENCY);

    private final Row row;
    private final Terms terms;
    private final long since;
    private final long number;
    private final CompletableFuture<Answered> answer = new CompletableFuture<>();

    Waiting(Row row, Terms terms, long since, long number) {
        this.row = row;
        this.terms = terms;
        this.since = since;
        this.number = number;
    }

    Row row() {
        return row;
    }

    Terms terms() {
        return terms;
    }

    /** When it came, by {@link System#nanoTime}. */
    long since() {
        return since;
    }

    int length() {
        return row.length();
    }

    CompletableFuture<Answered> answer() {
        return answer;
    }
}
