package dev.graft.predict;

import dev.graft.data.Encoding;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Logits of texts in their order: while one window is computed, the next one is encoded on another thread. */
final class Scored implements Iterator<float[]> {
    private final Scorer scorer;
    private final Windows windows;
    private final ExecutorService encoding;
    private @Nullable Future<List<Encoding>> ahead;
    private Iterator<float[]> current = List.<float[]>of().iterator();

    Scored(Scorer scorer, Iterator<String> texts, ExecutorService encoding) {
        this.scorer = scorer;
        this.windows = new Windows(texts);
        this.encoding = encoding;
        this.ahead = encodeNext();
    }

    private @Nullable Future<List<Encoding>> encodeNext() {
        if (!windows.hasNext()) {
            return null;
        }
        List<String> window = windows.next();
        return encoding.submit(() -> scorer.encode(window));
    }

    @Override
    public boolean hasNext() {
        return current.hasNext() || ahead != null;
    }

    @Override
    public float[] next() {
        if (!current.hasNext()) {
            if (ahead == null) {
                throw new NoSuchElementException();
            }
            List<Encoding> encodings = Background.join(ahead);
            ahead = encodeNext();
            current = scorer.scoreAll(encodings).iterator();
        }
        return current.next();
    }
}
