package dev.graft.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One model in ONNX Runtime: a session for a run that is alone, and one for runs that meet others, which may be the same. */
final class Sessions implements AutoCloseable {
    private final OrtSession alone;
    private final OrtSession meeting;
    private final AtomicInteger running = new AtomicInteger();

    private Sessions(OrtSession alone, OrtSession meeting) {
        this.alone = alone;
        this.meeting = meeting;
    }

    /** One session for all runs. */
    static Sessions of(OrtSession session) {
        return new Sessions(session, session);
    }

    /** Two sessions, which are made at the same time; where one of them cannot be, neither is. */
    static Sessions of(Supplier<OrtSession> alone, Supplier<OrtSession> meeting) {
        CompletableFuture<OrtSession> beside = CompletableFuture.supplyAsync(meeting);
        OrtSession first;
        try {
            first = alone.get();
        } catch (RuntimeException refused) {
            beside.thenAccept(Sessions::closeQuietly);
            throw refused;
        }
        try {
            return new Sessions(first, beside.join());
        } catch (CompletionException e) {
            closeQuietly(first);
            throw e.getCause() instanceof RuntimeException refused ? refused : e;
        }
    }

    private static void closeQuietly(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            return; // the error that matters is on its way
        }
    }

    OrtSession any() {
        return alone;
    }

    OrtSession.Result run(Map<String, OnnxTensor> given) throws OrtException {
        boolean meets = running.getAndIncrement() > 0;
        try {
            return (meets ? meeting : alone).run(given);
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void close() throws OrtException {
        alone.close();
        if (meeting != alone) {
            meeting.close();
        }
    }
}
