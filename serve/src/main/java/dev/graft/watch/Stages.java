package dev.graft.watch;

/**
 * Where a request's time went, in nanoseconds; 0 where it did not get that far.
 *
 * @param tokeniseSince from the request's arrival to the beginning of tokenising
 * @param tokenise making tokens of its texts
 * @param queue waiting for the model, the longest of its texts
 * @param infer computing, the longest of its batches
 * @param postSince from the request's arrival to the beginning of writing the answer
 * @param post writing the answer
 * @param whole from the request's arrival to its end
 */
record Stages(long tokeniseSince, long tokenise, long queue, long infer, long postSince, long post, long whole) {
    static final Stages NONE = new Stages(0, 0, 0, 0, 0, 0, 0);

    Stages tokenised(long since, long nanos) {
        return new Stages(since, nanos, queue, infer, postSince, post, whole);
    }

    Stages computed(long queuedNanos, long inferNanos) {
        return new Stages(tokeniseSince, tokenise, queuedNanos, inferNanos, postSince, post, whole);
    }

    Stages written(long since, long nanos) {
        return new Stages(tokeniseSince, tokenise, queue, infer, since, nanos, whole);
    }

    Stages ended(long nanos) {
        return new Stages(tokeniseSince, tokenise, queue, infer, postSince, post, nanos);
    }
}
