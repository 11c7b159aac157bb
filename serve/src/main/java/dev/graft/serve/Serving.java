package dev.graft.serve;

import java.util.concurrent.CompletableFuture;

/** A model in memory and its users; the last one to leave a retired model closes it. */
final class Serving {
    private final ServedModel model;
    private final Closing closing;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int users;
    private boolean retired;

    Serving(ServedModel model, Closing closing) {
        this.model = model;
        this.closing = closing;
    }

    ServedModel model() {
        return model;
    }

    /** One user more; false if the model is on its way out. */
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        users++;
        return true;
    }

    void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = retired && users == 0;
        }
        if (last) {
            close();
        }
    }

    synchronized boolean inUse() {
        return users > 0;
    }

    /** Takes no more users in; what comes back is done when the last has left and native memory is freed. */
    CompletableFuture<Void> retire() {
        boolean unused;
        synchronized (this) {
            unused = !retired && users == 0;
            retired = true;
        }
        if (unused) {
            close();
        }
        return closed;
    }

    private void close() {
        closing.begin(() -> {
            model.close();
            closed.complete(null);
        });
    }
}
