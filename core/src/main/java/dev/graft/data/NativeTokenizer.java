package dev.graft.data;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.graft.Cache;
import dev.graft.GraftException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's tokenizer through DJL's native library, called directly: DJL's own class reads every token's text and
 * place, which costs more than the tokenizing, and calls home.
 *
 * <p>Safe for several threads. The handle is freed only when no encoding is under way, and never used afterwards.
 */
final class NativeTokenizer implements AutoCloseable {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final long handle;
    private boolean closed;

    /** @param json the content of a {@code tokenizer.json} */
    NativeTokenizer(String json, int maxLength) {
        this(json);
        // Setting alone would keep the direction that the file asks for.
        Library.loaded().disableTruncation(handle);
        Library.loaded().setTruncation(handle, maxLength, "LONGEST_FIRST", 0);
    }

    /** @param json the content of a {@code tokenizer.json}, which cuts texts as it says */
    NativeTokenizer(String json) {
        TokenizersLibrary library = Library.loaded();
        handle = library.createTokenizerFromString(json);
        library.disablePadding(handle);
    }

    Encoding[] encode(String[] texts) {
        lock.readLock().lock();
        try {
            requireOpen();
            return take(Library.loaded().batchEncode(handle, texts, true));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The encodings of pairs by the tokenizer's own template; of what is too long, the longer text is cut. */
    Encoding[] encodePairs(String[] firsts, String[] seconds) {
        lock.readLock().lock();
        try {
            requireOpen();
            return take(Library.loaded().batchEncodePair(handle, firsts, seconds, true));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Which text of a pair each token comes from: 0, 1, or less than 0 for what the template adds. */
    long[] sequences(String first, String second) {
        lock.readLock().lock();
        try {
            requireOpen();
            TokenizersLibrary library = Library.loaded();
            long encoding = library.encodeDual(handle, first, second, true);
            try {
                return library.getSequenceIds(encoding);
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The tokens of one text with their places in it. */
    List<Token> tokens(String text, boolean special) {
        lock.readLock().lock();
        try {
            requireOpen();
            TokenizersLibrary library = Library.loaded();
            long encoding = library.batchEncode(handle, new String[] {text}, special)[0];
            try {
                return tokens(library, encoding);
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private static List<Token> tokens(TokenizersLibrary library, long encoding) {
        int[] ids = narrow(library.getTokenIds(encoding));
        String[] texts = library.getTokens(encoding);
        long[] special = library.getSpecialTokenMask(encoding);
        @Nullable CharSpan[] spans = library.getTokenCharSpans(encoding);
        var tokens = new ArrayList<Token>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            boolean added = special[i] == 1 || span == null;
            tokens.add(
                    span == null || added
                            ? new Token(ids[i], texts[i], true, 0, 0)
                            : new Token(ids[i], texts[i], false, span.getStart(), span.getEnd()));
        }
        return tokens;
    }

    /** The text that ids stand for. */
    String decode(int[] ids, boolean skipSpecial) {
        lock.readLock().lock();
        try {
            requireOpen();
            return Library.loaded()
                    .decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The tokenizer is closed");
        }
    }

    private static Encoding[] take(long[] handles) {
        Encoding[] encodings = new Encoding[handles.length];
        for (int i = 0; i < handles.length; i++) {
            encodings[i] = take(handles[i]);
        }
        return encodings;
    }

    private static Encoding take(long encoding) {
        TokenizersLibrary library = Library.loaded();
        try {
            return new Encoding(narrow(library.getTokenIds(encoding)), narrow(library.getTypeIds(encoding)));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    private static int[] narrow(long[] values) {
        int[] narrowed = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = Math.toIntExact(values[i]);
        }
        return narrowed;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                Library.loaded().deleteTokenizer(handle);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Loads the library from Graft's cache and without a network; DJL reads its settings while it loads. */
    private static final class Library {
        private static final TokenizersLibrary LOADED = load();

        static TokenizersLibrary loaded() {
            return LOADED;
        }

        private static TokenizersLibrary load() {
            Map<String, @Nullable String> before = new HashMap<>();
            Map<String, String> settings = Map.of(
                    "ENGINE_CACHE_DIR", Cache.natives().toString(),
                    "DJL_CACHE_DIR", Cache.natives().toString(),
                    "RUST_FLAVOR", "cpu",
                    "OPT_OUT_TRACKING", "true",
                    "ai.djl.offline", "true");
            settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
            try {
                LibUtils.checkStatus();
                return TokenizersLibrary.LIB;
            } catch (LinkageError | RuntimeException failure) {
                throw new GraftException(
                        "The native tokenizer library cannot be loaded from " + Cache.natives()
                                + "; is the folder writable, and is this Linux, macOS or Windows on a 64-bit processor?"
                                + " ($GRAFT_CACHE moves it): " + failure,
                        failure);
            } finally {
                before.forEach(Library::restore);
            }
        }

        private static void restore(String name, @Nullable String value) {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        }
    }
}
