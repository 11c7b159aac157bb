package dev.graft.serve;

import dev.graft.data.Encoding;
import dev.graft.predict.Answer;
import dev.graft.predict.Answered;
import dev.graft.predict.Outputs;
import dev.graft.task.Reading;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.watch.Visit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Inference as the Open Inference Protocol means it: tensors in, tensors out; texts are tensors of BYTES. */
final class Inference {
    static final String TEXT = "text";
    static final String TEXT_PAIR = "text_pair";
    static final String LABEL = "label";
    static final String PROBABILITIES = "probabilities";
    static final String LOGITS = "logits";
    static final String FEATURES = "features";

    private final int maxTexts;
    private final long maxTokens;

    Inference(ServeSettings settings) {
        this.maxTexts = settings.maxClientBatchSize();
        this.maxTokens = settings.batching().maxTokens();
    }

    /**
     * An answer.
     *
     * @param answered how each row fared in the queue
     */
    record Inferred(List<InferTensor> outputs, List<Answered> answered) {}

    /** Computes a request. */
    CompletableFuture<Inferred> infer(ServedModel model, InferRequest request, Visit visit) {
        List<TensorInfo> offered = TensorInfo.outputs(model);
        for (String wanted : request.outputs()) {
            if (offered.stream().noneMatch(output -> output.name().equals(wanted))) {
                throw Problem.invalid("The model has no output '" + Names.shown(wanted) + "'; its outputs are "
                        + offered.stream().map(TensorInfo::name).toList());
            }
        }
        CompletableFuture<List<Answered>> answers = holdsTexts(request)
                ? model.ask(rows(request.inputs()), Truncation.AT_END, request.terms(), visit)
                : tensors(model, request, visit);
        CompletableFuture<Inferred> inferred =
                answers.thenApply(rows -> new Inferred(outputs(model, rows, request.outputs()), rows));
        var unused = inferred.whenComplete((done, failure) -> {
            if (inferred.isCancelled()) {
                answers.cancel(false);
            }
        });
        return inferred;
    }

    private static boolean holdsTexts(InferRequest request) {
        List<String> names = request.inputs().stream().map(InferTensor::name).toList();
        return names.equals(List.of(TEXT))
                || names.equals(List.of(TEXT, TEXT_PAIR))
                || names.equals(List.of(TEXT_PAIR, TEXT));
    }

    private List<TextRow> rows(List<InferTensor> tensors) {
        boolean pairFirst = tensors.get(0).name().equals(TEXT_PAIR);
        List<String> texts = texts(tensors.get(pairFirst ? 1 : 0));
        if (tensors.size() == 1) {
            return TextRow.all(texts);
        }
        List<String> pairs = texts(tensors.get(pairFirst ? 0 : 1));
        if (pairs.size() != texts.size()) {
            throw Problem.invalid("The tensor 'text' holds " + texts.size() + " texts and 'text_pair' " + pairs.size()
                    + "; each text needs the one that it is read together with");
        }
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new TextRow(texts.get(i), Optional.of(pairs.get(i))))
                .toList();
    }

    private List<String> texts(InferTensor tensor) {
        if (tensor.array().type() != ElementType.STRING) {
            throw Problem.invalid("The tensor '" + tensor.name() + "' must be of the data type BYTES");
        }
        List<String> texts = tensor.array().strings();
        if (texts.isEmpty() || texts.size() > maxTexts) {
            throw new Problem(
                    texts.isEmpty() ? Problem.Type.VALIDATION : Problem.Type.TOO_LARGE,
                    "The tensor '" + tensor.name() + "' holds " + texts.size() + " texts; a request holds 1 to "
                            + maxTexts);
        }
        if (texts.contains("")) {
            throw Problem.invalid("A text cannot be empty");
        }
        return texts;
    }

    /** Rows of token ids, brought into the same queue as texts: a row ends where its mask does. */
    private CompletableFuture<List<Answered>> tensors(ServedModel model, InferRequest request, Visit visit) {
        Map<String, Array> given = new LinkedHashMap<>();
        for (InferTensor tensor : request.inputs()) {
            if (given.put(tensor.name(), tensor.array()) != null) {
                throw Problem.invalid("The input '" + Names.shown(tensor.name()) + "' is given twice");
            }
        }
        List<Encoding> rows = new TokenRows(model, maxTexts, maxTokens).of(given);
        return model.askTokens(rows, request.terms(), visit);
    }

    private static List<InferTensor> outputs(ServedModel model, List<Answered> rows, List<String> wanted) {
        List<String> names = wanted.isEmpty()
                ? TensorInfo.outputs(model).stream()
                        .map(TensorInfo::name)
                        .filter(name -> !name.equals(FEATURES))
                        .toList()
                : wanted;
        var outputs = new ArrayList<InferTensor>();
        for (String name : names) {
            outputs.add(new InferTensor(name, output(name, model.model().reading(), rows)));
        }
        return outputs;
    }

    private static Array output(String name, Reading reading, List<Answered> rows) {
        List<Outputs> outputs = rows.stream().map(Answered::outputs).toList();
        return switch (name) {
            case LABEL ->
                Array.ofStrings(
                        outputs.stream()
                                .map(row -> Answer.of(reading, row.logits()).label())
                                .toList(),
                        rows.size());
            case PROBABILITIES ->
                matrix(outputs.stream().map(row -> reading.scores(row.logits())).toList());
            case LOGITS -> matrix(outputs.stream().map(Outputs::logits).toList());
            case FEATURES -> matrix(outputs.stream().map(Outputs::features).toList());
            default -> throw new IllegalStateException(name);
        };
    }

    private static Array matrix(List<float[]> rows) {
        int width = rows.get(0).length;
        float[] values = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * width, width);
        }
        return Array.of(values, rows.size(), width);
    }
}
