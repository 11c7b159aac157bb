package dev.graft.cli;

import dev.graft.graph.GraphSummary;
import dev.graft.torch.Trainability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An inspection for people: a part a question, the answer first. */
final class InspectionText {
    private static final double MEGABYTE = 1 << 20;
    private static final double KILOBYTE = 1 << 10;
    private static final int WIDTH = 100;
    private static final int NAMES_SHOWN = 3;

    private final StringBuilder text = new StringBuilder();
    private final Inspection found;

    private InspectionText(Inspection found) {
        this.found = found;
    }

    static String of(Inspection inspection) {
        return new InspectionText(inspection).text();
    }

    private String text() {
        line(head());
        values("inputs", found.inputs());
        values("outputs", found.outputs());
        operators();
        weights();
        work();
        depths();
        training();
        return text.toString();
    }

    private String head() {
        String others = found.opsets().entrySet().stream()
                .filter(set -> !set.getKey().isEmpty())
                .map(set -> ", " + set.getKey() + " " + set.getValue())
                .collect(Collectors.joining());
        String functions = found.functions() == 0 ? "" : ", " + count(found.functions(), "function") + " of its own";
        String producer = found.producer().isEmpty() ? "" : ", written by " + found.producer();
        return "ONNX operator set " + found.opset() + others + ", " + count(found.nodes(), "node") + functions + ", "
                + sizes(found.weights()) + producer;
    }

    private void values(String title, Map<String, String> values) {
        title(title);
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        values.forEach((name, type) -> line("  " + padded(name, width) + "  " + type));
    }

    private void operators() {
        title(found.operators().size() == 1 ? "1 operator" : found.operators().size() + " operators");
        wrapped(found.operators().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList());
    }

    private void weights() {
        if (found.largest().isEmpty()) {
            return;
        }
        title("weights");
        if (found.weightTypes().size() > 1) {
            found.weightTypes().forEach((type, sum) -> line("  " + padded(type, 8) + "  " + sizes(sum)));
        }
        line("  the largest:");
        int name = longest(found.largest(), GraphSummary.Weight::name);
        int type = longest(found.largest(), GraphSummary.Weight::type);
        found.largest()
                .forEach(each -> line("  " + padded(each.name(), name) + "  " + padded(each.type(), type) + "  "
                        + bytes(each.bytes())));
    }

    private static int longest(
            List<GraphSummary.Weight> weights, java.util.function.Function<GraphSummary.Weight, String> part) {
        return weights.stream().map(part).mapToInt(String::length).max().orElse(0);
    }

    private void work() {
        Inspection.Work work = found.multiplyAdds();
        title("multiply-adds for "
                + work.shapes().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + SampleInputs.text(entry.getValue()))
                        .collect(Collectors.joining(" ")));
        if (!work.assumed().isEmpty()) {
            line("  " + String.join(", ", work.assumed()) + " taken as 1; --shape NAME=SIZE,SIZE,… says otherwise");
        }
        if (!work.problem().isEmpty()) {
            line("  not counted: " + work.problem());
            return;
        }
        line("  " + thousands(work.total()));
        if (work.byOperator().size() > 1) {
            wrapped(work.byOperator().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .map(entry -> entry.getKey() + " " + thousands(entry.getValue()))
                    .toList());
        }
    }

    private void depths() {
        title((found.blocks() == 0 ? "no repeated blocks" : count(found.blocks(), "block"))
                + "; weights that can learn, by depth");
        found.depths()
                .forEach((depth, sum) ->
                        line(String.format(Locale.ROOT, "  %3d  %-11s %s", depth, depthName(depth), sizes(sum))));
    }

    private String depthName(int depth) {
        if (found.blocks() == 0) {
            return "all";
        }
        return depth == 0 ? "embeddings" : depth <= found.blocks() ? "block " + depth : "head";
    }

    private void training() {
        title("training");
        Trainability training = found.training();
        training.missing()
                .forEach((operator, nodes) -> line("  missing operator: " + operator + ", "
                        + (nodes.size() == 1 ? "once" : nodes.size() + " times") + " (" + names(nodes) + ")"));
        if (!training.missing().isEmpty()) {
            line("  nothing can be trained while operators are missing; without them, each weight stands thus:");
        }
        training.groups().forEach(group -> line("  " + verdict(group)));
    }

    private static String verdict(Trainability.Group group) {
        String sizes = count(group.weights().size(), "weight") + ", " + thousands(group.elements())
                + (group.elements() == 1 ? " number" : " numbers");
        String operators = String.join(", ", group.operators());
        return switch (group.verdict()) {
            case TRAINABLE -> "can be trained: " + sizes;
            case STATISTIC -> "renewed without a gradient: " + sizes + ", running statistics of " + operators;
            case WHOLE_NUMBERS -> "not trained: " + sizes + ", whole numbers read by " + operators;
            case SINGLE_NUMBER -> "not trained: " + sizes + ", single factors and bounds";
            case NO_GRADIENT ->
                "cannot be trained: " + sizes + ", behind " + operators + ", which has no gradient ("
                        + names(group.weights()) + ")";
            case MISSING_OPERATOR ->
                "cannot be trained: " + sizes + ", behind " + operators + ", which is missing ("
                        + names(group.weights()) + ")";
            case UNREAD ->
                "cannot be trained: " + sizes + ", on which no output depends (" + names(group.weights()) + ")";
        };
    }

    private static String names(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "");
    }

    private void wrapped(List<String> words) {
        List<String> row = new ArrayList<>();
        int length = 0;
        for (String word : words) {
            if (length + word.length() > WIDTH && !row.isEmpty()) {
                line("  " + String.join(", ", row) + ",");
                row.clear();
                length = 0;
            }
            row.add(word);
            length += word.length() + 2;
        }
        line("  " + String.join(", ", row));
    }

    private void title(String title) {
        line("");
        line(title);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String count(int count, String noun) {
        return thousands(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String thousands(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String sizes(GraphSummary.Weights weights) {
        return String.format(
                Locale.ROOT,
                "%s, %,d numbers, %s",
                count(weights.arrays(), "weight"),
                weights.elements(),
                bytes(weights.bytes()));
    }

    private static String bytes(long bytes) {
        return bytes < MEGABYTE / 10
                ? String.format(Locale.ROOT, "%.1f kB", bytes / KILOBYTE)
                : String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }
}
