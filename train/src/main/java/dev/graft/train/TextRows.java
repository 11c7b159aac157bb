package dev.graft.train;

import dev.graft.Digest;
import dev.graft.data.Encoding;
import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Metric;
import dev.graft.task.Regression;
import dev.graft.task.SingleLabel;
import dev.graft.task.Target;
import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import dev.graft.tensor.Array;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Labelled texts, encoded once. */
final class TextRows implements Rows {
    private static final int SHOWN = 60;

    private final List<Example> examples;
    private final Target target;
    private final LabelSet labels;
    private final Truth truth;
    private final List<Encoding> encodings;
    private final TextEncoder encoder;
    private final List<String> inputs;

    /** @param inputs names of the graph's inputs */
    TextRows(List<Example> examples, LabelSet labels, TextEncoder encoder, List<String> inputs) {
        this(examples, new SingleLabel(), labels, encoder, inputs);
    }

    /** As the other, for answers of any kind. */
    TextRows(List<Example> examples, Target target, LabelSet labels, TextEncoder encoder, List<String> inputs) {
        this(
                examples,
                target,
                labels,
                encoder.encode(examples.stream().map(Example::text).toList()),
                encoder,
                inputs);
    }

    private TextRows(
            List<Example> examples,
            Target target,
            LabelSet labels,
            List<Encoding> encodings,
            TextEncoder encoder,
            List<String> inputs) {
        this.examples = examples;
        this.target = target;
        this.labels = labels;
        this.truth = target.truth(labels, examples);
        this.encodings = encodings;
        this.encoder = encoder;
        this.inputs = inputs;
    }

    /** Some of these rows. */
    TextRows some(int[] rows) {
        List<Example> chosen = Arrays.stream(rows).mapToObj(examples::get).toList();
        List<Encoding> encoded = Arrays.stream(rows).mapToObj(encodings::get).toList();
        return new TextRows(chosen, target, labels, encoded, encoder, inputs);
    }

    /** These rows, their tokens repeated or cut to a number: what a shape costs does not depend on the words. */
    TextRows ofLength(int tokens) {
        List<Encoding> encoded = encodings.stream()
                .map(encoding -> new Encoding(repeated(encoding.ids(), tokens), repeated(encoding.typeIds(), tokens)))
                .toList();
        return new TextRows(examples, target, labels, encoded, encoder, inputs);
    }

    private static int[] repeated(int[] values, int length) {
        int[] repeated = new int[length];
        Arrays.setAll(repeated, i -> values[i % values.length]);
        return repeated;
    }

    List<Example> examples() {
        return examples;
    }

    /** The class of each row, which has one. */
    int[] labels() {
        if (truth instanceof Truth.Classes classes) {
            return classes.numbers();
        }
        throw new IllegalStateException("The rows have no class each, but " + target.description());
    }

    Target target() {
        return target;
    }

    LabelSet labelSet() {
        return labels;
    }

    Truth truth() {
        return truth;
    }

    /**
     * Scores a network on these rows as it reads them.
     *
     * @param metric that is told of them
     */
    Validation validation(Rows view, BestMetric metric, int batchSize) {
        Metric told = metric.of(target.kind());
        return told.equals(Metric.ACCURACY) && target.kind() == TargetKind.SINGLE_LABEL
                ? new RowsValidation(view, batchSize)
                : new TargetValidation(view, target.kind(), told, truth, labels.size(), batchSize);
    }

    /** What a head that these rows teach is solved for. */
    HeadGoal goal() {
        if (truth instanceof Truth.Sets sets) {
            return new SetGoal(sets.has(), labels.size());
        } else if (truth instanceof Truth.Numbers numbers && target instanceof Regression regression) {
            return new NumberGoal(numbers.values(), regression.scale());
        }
        return target.kind() == TargetKind.ORDINAL
                ? new OrderGoal(labels(), labels.size())
                : new ClassGoal(labels(), labels.size());
    }

    /** A digest of the texts with their answers: what a model learns that reads texts. */
    String digestOfTexts() {
        return digest(out -> {
            for (Example example : examples) {
                byte[] text = example.text().getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        });
    }

    /** A digest of the tokens with their answers: what a network learns. */
    String digestOfTokens() {
        return digest(out -> {
            for (Encoding encoding : encodings) {
                out.writeInt(encoding.length());
                for (int token = 0; token < encoding.length(); token++) {
                    out.writeInt(encoding.ids()[token]);
                    out.writeInt(encoding.typeIds()[token]);
                }
            }
        });
    }

    /** Writes what is digested. */
    private interface Written {
        void to(DataOutputStream out) throws IOException;
    }

    private String digest(Written rows) {
        return Digest.of(to -> {
            var out = new DataOutputStream(new BufferedOutputStream(to));
            out.writeInt(size());
            rows.to(out);
            writeAnswers(out);
            out.flush();
        });
    }

    private void writeAnswers(DataOutputStream out) throws IOException {
        out.writeUTF(target.toString());
        for (String label : labels.names()) {
            out.writeUTF(Digest.of(label));
        }
        for (int row = 0; row < size(); row++) {
            if (truth instanceof Truth.Classes classes) {
                out.writeInt(classes.numbers()[row]);
            } else if (truth instanceof Truth.Sets sets) {
                for (boolean has : sets.has()[row]) {
                    out.writeBoolean(has);
                }
            } else if (truth instanceof Truth.Numbers numbers) {
                out.writeDouble(numbers.values()[row]);
            }
        }
    }

    int[] tokens(int row) {
        return encodings.get(row).ids();
    }

    /** The numbers of all tokens that occur, each once. */
    long[] distinctTokens() {
        return encodings.stream()
                .flatMapToInt(encoding -> Arrays.stream(encoding.ids()))
                .distinct()
                .asLongStream()
                .toArray();
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int[] lengths() {
        return encodings.stream().mapToInt(encoding -> encoding.ids().length).toArray();
    }

    @Override
    public Map<String, Array> inputs(int[] rows) {
        return encoder.collate(Arrays.stream(rows).mapToObj(encodings::get).toList(), inputs);
    }

    @Override
    public Array targets(int[] rows) {
        if (truth instanceof Truth.Classes classes) {
            return Array.of(
                    Arrays.stream(rows).mapToLong(row -> classes.numbers()[row]).toArray(), rows.length);
        }
        int width = labels.size();
        float[] values = new float[rows.length * width];
        for (int i = 0; i < values.length; i++) {
            int row = rows[i / width];
            values[i] = truth instanceof Truth.Sets sets
                    ? sets.has()[row][i % width] ? 1 : 0
                    : (float) ((Truth.Numbers) truth).values()[row];
        }
        return Array.of(values, rows.length, width);
    }

    @Override
    public String name(int row) {
        Example example = examples.get(row);
        String text = example.text().strip().replaceAll("\\s+", " ");
        return example.place() + ": " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
