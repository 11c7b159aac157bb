package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerFileTest {
    @TempDir
    Path folder;

    @Test
    void theHighestIdCountsWhereverItStands() {
        assertThat(read("{'model': {'type': 'WordPiece', 'vocab': {'b': 7, '[UNK]': 3}}}")
                        .vocabularySize())
                .isEqualTo(8);
        assertThat(
                        read("{'added_tokens': [{'id': 9, 'content': 'x', 'special': true}], 'model': {'vocab': {'[UNK]': 3}}}")
                                .vocabularySize())
                .isEqualTo(10);
    }

    @Test
    void aListOfTokensIsNumberedInOrder() {
        TokenizerFile unigram =
                read("{'model': {'unk_id': 0, 'vocab': [['<unk>', 0.0], ['<pad>', 0.0], ['a', -2.5]]}}");
        assertThat(unigram.vocabularySize()).isEqualTo(3);
        assertThat(unigram.padId()).isEqualTo(1);
    }

    @Test
    void theStatedPaddingWins() {
        String tokens =
                "'added_tokens': [{'id': 5, 'content': '[PAD]'}], 'model': {'vocab': {'<pad>': 2, '[UNK]': 1}}}";
        assertThat(read("{'padding': {'strategy': {'Fixed': 128}, 'pad_id': 4}, " + tokens)
                        .padId())
                .isEqualTo(4);
        assertThat(read("{'padding': null, " + tokens).padId()).isEqualTo(5);
    }

    @Test
    void withoutAnyPaddingTokenZeroPads() {
        assertThat(read("{'model': {'vocab': {'[UNK]': 3}}}").padId()).isZero();
    }

    @Test
    void unknownPartsArePassedOver() {
        assertThat(read("{'version': '1.0', 'normalizer': {'a': [1, {'b': []}]}, 'model':"
                                + " {'merges': [['a', 'b']], 'vocab': {'a': 0}}, 'decoder': null}")
                        .vocabularySize())
                .isEqualTo(1);
    }

    /** The native library ends the process when a text has a character that such a model does not know. */
    @ParameterizedTest
    @ValueSource(strings = {"['a ##b', 'a b']", "[['a', '##b'], ['a', 'b']]"})
    void aMergeWithoutThePrefixIsRefused(String merges) {
        String model = "{'model': {'type': 'BPE', 'continuing_subword_prefix': '##', 'vocab': {'a': 0}, 'merges': %s}}";
        assertThat(read(model.formatted(merges.replace(" 'a b'", " 'a ##c'").replace(", 'b']", ", '##c']")))
                        .vocabularySize())
                .isEqualTo(1);
        assertThatThrownBy(() -> read(model.formatted(merges)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("continuing_subword_prefix");
    }

    /** The native library ends the process at the first text. */
    @Test
    void aTemplateWithAnUndefinedTokenIsRefused() {
        String model = "'model': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': []}}";
        String template =
                "{'post_processor': {'type': 'Sequence', 'processors': [{'type': 'TemplateProcessing', 'single':"
                        + " [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}],"
                        + " 'special_tokens': {'%s': {'id': '[CLS]', 'ids': [0], 'tokens': ['a']}}}]}, " + model;
        assertThat(read(template.formatted("[CLS]")).vocabularySize()).isEqualTo(1);
        assertThatThrownBy(() -> read(template.formatted("[SEP]")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("special token '[CLS]', which it does not define");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'vocab': {'a': 0}}}",
                "{'model': {'type': 'WordPiece', 'vocab': {'a': 0}}}",
                "{'model': {'type': 'WordLevel', 'vocab': {'a': 0, '[UNK]': 1}, 'unk_token': '<unk>'}}",
                "{'model': {'type': 'BPE', 'unk_token': '<unk>', 'vocab': {'a': 0}, 'merges': []}}",
                "{'model': {'type': 'Unigram', 'unk_id': null, 'vocab': [['a', 0.0]]}}",
                "{'model': {'type': 'Unigram', 'unk_id': 1, 'vocab': [['a', 0.0]]}}",
            })
    void aModelWithoutATokenForTheUnknownIsRefused(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unk");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': []}}",
                "{'model': {'type': 'BPE', 'unk_token': null, 'vocab': {'a': 0}, 'merges': []}}",
                "{'model': {'type': 'WordLevel', 'vocab': {'a': 0, 'u': 1}, 'unk_token': 'u'}}",
                "{'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['a', 0.0]]}}",
            })
    void aModelThatKnowsWhatToDoWithTheUnknownIsRead(String content) {
        assertThat(read(content).vocabularySize()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{'a': 1}",
                "{'model': 3}",
                "{'model': {'vocab': {'a': 'b'}}}",
                "{'model': {'vocab': {'a': 99999999999}}}",
                "{'added_tokens': [{'id': [1]}], 'model': {}}",
                "{'model': {'vocab': [['a', 1]",
                "\0\0\0",
            })
    void brokenFilesAreNamed(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer.json is no tokenizer.json that can be used");
    }

    private TokenizerFile read(String content) {
        return TokenizerFile.read(Samples.write(folder, "tokenizer.json", content.replace('\'', '"')));
    }
}
