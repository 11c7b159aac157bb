package dev.graft.serve;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that are written to a server without a look at its answers. */
final class Flood {
    private static final long HELD_UP_MS = 2_000;

    private Flood() {}

    /** How the bytes are sent. */
    interface Sending {
        void send(byte[] bytes) throws IOException;
    }

    /**
     * Writes until the server hangs up, or takes nothing for two seconds.
     *
     * @param most bytes
     * @return how many it took
     */
    static long taken(Sending sending, byte[] bytes, long most) throws InterruptedException {
        var sent = new AtomicLong();
        var writer = new Thread(() -> {
            try {
                while (sent.get() < most) {
                    sending.send(bytes);
                    sent.addAndGet(bytes.length);
                }
            } catch (IOException closed) {
                return;
            }
        });
        writer.start();
        long before = -1;
        while (writer.isAlive() && sent.get() != before) {
            before = sent.get();
            writer.join(HELD_UP_MS);
        }
        return sent.get();
    }
}
