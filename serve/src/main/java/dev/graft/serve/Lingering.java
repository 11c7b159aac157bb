package dev.graft.serve;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that wait for their client, up to a number and a size: where one more comes, those that have waited longest
 * are given up, if they have waited for a second. Of those that have just begun there may be some times as many. So
 * clients that dawdle take no room from those that do not.
 */
final class Lingering {
    /** From when on a request is one that dawdles. */
    static final Duration DAWDLING = Duration.ofSeconds(1);

    private static final int AT_FIRST = 4;

    private final Map<ServiceRequestContext, Held> held = new LinkedHashMap<>();
    private final int most;
    private final long mostBytes;
    private long bytes;

    private record Held(long size, long since) {}

    /**
     * @param most requests
     * @param mostBytes of all of them
     */
    Lingering(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /**
     * Takes one in.
     *
     * @param now as {@link System#nanoTime} tells it
     * @return those that have to go for it
     */
    synchronized List<ServiceRequestContext> enter(ServiceRequestContext context, long size, long now) {
        held.put(context, new Held(size, now));
        bytes += size;
        if (!isOver(1)) {
            return List.of();
        }
        var gone = new ArrayList<ServiceRequestContext>();
        Iterator<Map.Entry<ServiceRequestContext, Held>> oldest =
                held.entrySet().iterator();
        while (held.size() > 1 && isOver(1)) {
            Map.Entry<ServiceRequestContext, Held> entry = oldest.next();
            if (now - entry.getValue().since() < DAWDLING.toNanos() && !isOver(AT_FIRST)) {
                break;
            }
            gone.add(entry.getKey());
            bytes -= entry.getValue().size();
            oldest.remove();
        }
        return gone;
    }

    private boolean isOver(int times) {
        return held.size() > (long) times * most || bytes / times > mostBytes;
    }

    /** One that waits no longer. */
    synchronized void leave(ServiceRequestContext context) {
        Held before = held.remove(context);
        if (before != null) {
            bytes -= before.size();
        }
    }

    /** Requests that wait now. */
    synchronized int count() {
        return held.size();
    }
}
