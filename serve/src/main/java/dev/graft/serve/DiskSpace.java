package dev.graft.serve;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of the disk that are taken, up to a limit. */
final class DiskSpace {
    private final AtomicLong taken = new AtomicLong();
    private final long most;

    DiskSpace(long most) {
        this.most = most;
    }

    /** @throws Problem if there is not so much left */
    void take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            throw new Problem(
                    Problem.Type.NO_SPACE,
                    "The files of all jobs together have as many bytes as --jobs-space allows; delete a job that has"
                            + " ended, or come back later");
        }
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Counts what was there before the limit was known. */
    void found(long bytes) {
        taken.addAndGet(bytes);
    }

    /** A stream whose bytes are taken as they are written. */
    Counted counted(OutputStream out) {
        return new Counted(out);
    }

    /** Counts what goes through. */
    final class Counted extends FilterOutputStream {
        private long bytes;

        private Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            take(length);
            bytes += length;
            out.write(from, offset, length);
        }

        /** What has gone through is no longer on the disk. */
        void giveBack() {
            give(bytes);
            bytes = 0;
        }
    }
}
