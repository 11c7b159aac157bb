package dev.graft.predict;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;

/** Decides which texts go together, and whether a batch should wait for company. */
record BatchRule(CostModel cost, BatcherSettings settings) {
    /**
     * Nanoseconds for which an idle model had better wait.
     *
     * <p>Waiting for the next text costs every waiting text the time until it comes, and saves what it would add if it
     * were computed after this batch instead of in it. An arrival that is overdue is not waited for.
     */
    long wait(int queued, Waiting first, Arrivals arrivals, long now) {
        long left = settings.maxDelay().toNanos() - (now - first.since());
        double gap = arrivals.gap();
        double expected = 2 * gap - arrivals.since(now);
        if (queued >= settings.maxRows() || left <= 0 || !(expected > 0) || gap > left) {
            return 0;
        }
        int length = first.length();
        double saved = cost.nanos(queued, length) + cost.nanos(1, length) - cost.nanos(queued + 1, length);
        return queued * gap < saved ? (long) Math.min(left, expected) : 0;
    }

    /**
     * The batch around the most urgent text: neighbours in length, as many as make the best use of the time, where what
     * a text is worth is what it would cost in a large batch of its own length.
     */
    List<Waiting> batch(NavigableSet<Waiting> byLength, Waiting first) {
        List<Waiting> longer = some(byLength.tailSet(first, false).iterator());
        List<Waiting> shorter = some(byLength.headSet(first, false).descendingIterator());
        int bestLonger = 0;
        int bestShorter = 0;
        double best = -1;
        double worthAbove = worth(first);
        for (int above = 0; above <= longer.size(); above++) {
            worthAbove += above == 0 ? 0 : worth(longer.get(above - 1));
            int length = above == 0 ? first.length() : longer.get(above - 1).length();
            double worth = worthAbove;
            for (int below = 0; below <= shorter.size() && fits(1 + above + below, length); below++) {
                worth += below == 0 ? 0 : worth(shorter.get(below - 1));
                double use = worth / cost.nanos(1 + above + below, length);
                if (use > best) {
                    best = use;
                    bestLonger = above;
                    bestShorter = below;
                }
            }
        }
        var batch = new ArrayList<Waiting>(1 + bestLonger + bestShorter);
        batch.add(first);
        batch.addAll(longer.subList(0, bestLonger));
        batch.addAll(shorter.subList(0, bestShorter));
        return batch;
    }

    private double worth(Waiting waiting) {
        return cost.nanos(settings.maxRows(), waiting.length()) / settings.maxRows();
    }

    private boolean fits(int rows, int length) {
        return rows == 1 || rows <= settings.maxRows() && (long) rows * length <= settings.maxTokens();
    }

    private List<Waiting> some(Iterator<Waiting> neighbours) {
        var some = new ArrayList<Waiting>();
        while (some.size() < settings.maxRows() - 1 && neighbours.hasNext()) {
            some.add(neighbours.next());
        }
        return some;
    }
}
