package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.data.TextPair;
import dev.graft.data.Token;
import dev.graft.graph.Dimension;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;

/** What a tenant says of itself. */
record TenantClassifier(Trunk trunk, Tenant tenant) implements TextClassifier {
    @Override
    public Bundle bundle() {
        return trunk.bundle();
    }

    @Override
    public List<String> labels() {
        return tenant.labels();
    }

    @Override
    public Reading reading() {
        return Reading.of(TargetKind.SINGLE_LABEL, labels(), Map.of());
    }

    @Override
    public List<ValueInfo> inputs() {
        return trunk.inputs();
    }

    @Override
    public List<ValueInfo> outputs() {
        ValueInfo logits = ValueInfo.of(
                ClassifierHead.LOGITS,
                ElementType.FLOAT,
                new Dimension.Symbol("batch_size"),
                new Dimension.Fixed(labels().size()));
        return List.of(logits, trunk.features());
    }

    @Override
    public boolean givesFeatures() {
        return true;
    }

    @Override
    public int vocabularySize() {
        return trunk.encoder().vocabularySize();
    }

    @Override
    public List<Encoding> encode(List<String> texts) {
        return texts.isEmpty() ? List.of() : trunk.encoder().encode(texts);
    }

    @Override
    public TextEncoder cuttingStarts() {
        return trunk.encoder().cuttingStarts();
    }

    @Override
    public boolean takesPairs() {
        return trunk.encoder()
                .separatesPairs(inputs().stream().map(ValueInfo::name).toList());
    }

    @Override
    public List<Encoding> encodePairs(List<TextPair> pairs) {
        return pairs.isEmpty() ? List.of() : trunk.encoder().encodePairs(pairs);
    }

    @Override
    public List<Token> tokens(String text, boolean special) {
        return trunk.encoder().tokens(text, special);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return trunk.encoder().decode(ids, skipSpecial);
    }
}
