package dev.graft.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Puts nodes into an order in which each reads only what stands before it; nodes that are in order stay as they are. */
final class Order {
    private final List<Node> nodes;
    private final Map<String, Integer> producers = new HashMap<>();
    private final List<List<Integer>> readers = new ArrayList<>();
    private final int[] waiting;

    private Order(List<Node> nodes) {
        this.nodes = nodes;
        this.waiting = new int[nodes.size()];
    }

    /**
     * Nodes in order.
     *
     * @param cycle names of nodes that wait for each other, first to last to first; empty if none do
     */
    record Sorted(List<Node> nodes, String cycle) {}

    static Sorted sort(List<Node> nodes) {
        var order = new Order(nodes);
        return order.link() ? new Sorted(nodes, "") : order.sorted();
    }

    /** Finds out who waits for whom, and whether all are in order already. */
    private boolean link() {
        for (int i = 0; i < nodes.size(); i++) {
            readers.add(new ArrayList<>());
            for (String output : nodes.get(i).outputs()) {
                producers.putIfAbsent(output, i);
            }
        }
        boolean inOrder = true;
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : Links.readings(nodes.get(i))) {
                Integer producer = producers.get(input);
                if (producer != null) {
                    readers.get(producer).add(i);
                    waiting[i]++;
                    inOrder &= producer < i;
                }
            }
        }
        return inOrder;
    }

    private Sorted sorted() {
        var ready = new PriorityQueue<Integer>();
        for (int i = 0; i < waiting.length; i++) {
            if (waiting[i] == 0) {
                ready.add(i);
            }
        }
        var done = new ArrayList<Node>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            done.add(nodes.get(next));
            for (int reader : readers.get(next)) {
                if (--waiting[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        return new Sorted(done, done.size() == nodes.size() ? "" : cycle());
    }

    /** Walks back from a node that still waits until a node comes up again. */
    private String cycle() {
        int current = 0;
        while (waiting[current] == 0) {
            current++;
        }
        var path = new ArrayList<Integer>();
        var seen = new HashMap<Integer, Integer>();
        while (seen.putIfAbsent(current, path.size()) == null) {
            path.add(current);
            current = blocker(current);
        }
        List<Integer> cycle = path.subList(seen.get(current), path.size());
        var text = new StringBuilder();
        for (int i = cycle.size() - 1; i >= Math.max(0, cycle.size() - 8); i--) {
            text.append(nodes.get(cycle.get(i)).label()).append(" → ");
        }
        return text.append(cycle.size() > 8 ? "… → " : "")
                .append(nodes.get(cycle.get(cycle.size() - 1)).label())
                .toString();
    }

    private int blocker(int node) {
        for (String input : Links.readings(nodes.get(node))) {
            Integer producer = producers.get(input);
            if (producer != null && waiting[producer] > 0) {
                return producer;
            }
        }
        throw new IllegalStateException("A node waits for nothing");
    }
}
