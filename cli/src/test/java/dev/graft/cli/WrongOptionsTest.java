package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong with commands and options, each with its message. */
class WrongOptionsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeRows() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        Files.writeString(folder.resolve("file"), "no folder");
        Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("notes.txt"), "dear to somebody");
        Files.createDirectory(folder.resolve("empty"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            trian @rows.csv            | there is no command 'trian'; known are train, plan, predict
            bogus                      | there is no command 'bogus'; known are train, plan, predict, evaluate, compress, serve, inspect
            help trian                 | doctor, help; did you mean 'train'?
            models pul minilm          | there is no command 'pul'; known are pull; did you mean 'pull'?
            --bogus                    | unknown option '--bogus'
            train                      | Missing required parameter: 'DATA'
            train @rows.csv more       | unknown argument 'more'
            predict                    | Missing required parameter: 'BUNDLE'
            predict @absent            | Give either texts behind the bundle or a file with --input
            predict @absent a --batch-size 0                     | --batch-size must be 1 or more, not 0
            predict @absent a --threads -1                       | --threads must be 0 or more, not -1
            predict @absent a --input @rows.csv --output @o.csv  | Give either texts behind the bundle or a file
            predict @absent --input @rows.csv                    | --input needs --output
            predict @absent --input @rows.csv --output @o.txt    | must end in .csv, .tsv or .jsonl
            predict @absent --input @rows.csv --output @rows.csv | rows.csv exists; --force replaces it
            predict @absent --input @rows.csv --output @full     | full is a folder; the name of a file was expected
            predict @absent --input @rows.csv --output @file/o.csv | /file is a file, not a folder
            predict @absent a --device cuda                      | --device cuda is not possible
            evaluate @absent @rows.csv --device cuda             | --device cuda is not possible
            evaluate @absent @no.csv                             | There is no bundle
            inspect @absent                                      | There is no bundle, file or known model
            """)
    void wrongCommandsAreRefused(String line, String message) {
        Ran.in(folder, line).isRefusedWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --learning-rte 1              | unknown option '--learning-rte'; did you mean '--learning-rate'?
            --learning-rate 0             | --learning-rate must lie between 0 and 1, not 0.0; 2e-5 to 1e-4 is usual
            --learning-rate -1            | --learning-rate must lie between 0 and 1, not -1.0
            --learning-rate NaN           | --learning-rate must lie between 0 and 1, not NaN
            --learning-rate fast          | '--learning-rate': 'fast' is not a number
            --epochs 0                    | --epochs must be 1 or more, not 0
            --epochs -1                   | --epochs must be 1 or more, not -1
            --epochs 1.5                  | '--epochs': '1.5' is not a whole number
            --epochs 99999999999          | '--epochs': '99999999999' is not a whole number that fits
            --epochs 1 --epochs 2         | option '--epochs' (N) should be specified only once
            --epochs                      | Missing required parameter for option '--epochs'
            --seed abc                    | '--seed': 'abc' is not a whole number
            --warmup-ratio 2              | --warmup-ratio is a share of the steps, 0 to 1, not 2.0; 0.1 is usual
            --warmup-ratio NaN            | --warmup-ratio is a share of the steps, 0 to 1, not NaN
            --warmup-steps -1             | --warmup-steps must be 0 (then --warmup-ratio counts) or more, not -1
            --warmup-steps 100000         | --warmup-steps 100000 is longer than phase 'full', which has
            --lr-scheduler-type cosin     | --lr-scheduler-type must be one of linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup, inverse_sqrt, reduce_lr_on_plateau, one_cycle, slanted_triangular, not 'cosin'; did you mean 'cosine'?
            --lr-scheduler-kwargs power=2 | --lr-scheduler-kwargs: linear has no 'power'; it takes none
            --lr-scheduler-type polynomial --lr-scheduler-kwargs lr_end=-1e-5 | The learning rate of phase 'full' would be -
            --optim adam                  | --optim must be one of adamw_torch, adamw_torch_fused, adamw, adamw_bf16, sgd, adafactor, lion, lion_32bit, not 'adam'; did you mean 'adamw'?
            --optim sgd --optim-args beta1=0 | --optim-args: sgd has no 'beta1'; it takes momentum, nesterov
            --optim lion --optim-args beta1=1 | --optim-args of lion: beta1 must be from 0 to below 1, not 1.0
            --loss focl                   | --loss must be one of cross_entropy, focal, r_drop, supervised_contrastive, not 'focl'; did you mean 'focal'?
            --loss focal --loss-args gamma=-1 | --loss-args of focal: gamma must be 0 or more, not -1.0
            --loss focal --label-smoothing 0.1 | --label-smoothing 0.1 goes with --loss cross_entropy, r_drop or supervised_contrastive, not with focal
            --loss r_drop --dropout 0     | --loss r_drop compares two passes under dropout or noise, which are the same at --dropout 0
            --class-weight balancd        | --class-weight must be none, balanced, or LABEL=WEIGHT apart by commas, each label once, not 'balancd'; did you mean 'balanced'?
            --class-weight a=2,a=3        | --class-weight must be none, balanced, or LABEL=WEIGHT apart by commas, each label once
            --class-weight a=much         | --class-weight must be none, balanced, or LABEL=WEIGHT
            --class-weight a=0            | --class-weight of 'a' must be more than 0, not 0.0
            --class-weight nowhere=2      | --class-weight names 'nowhere', which is no label of the data
            --sampler even                | --sampler must be one of natural, balanced, not 'even'
            --classifier-dropout 1        | --classifier-dropout must be from 0 to less than 1, not 1.0
            --l2-sp -1                    | --l2-sp must be from 0 to less than 1 (0.01 is usual), not -1.0
            --layerdrop 1                 | --layerdrop must be from 0 to less than 1 (0.2 is usual), not 1.0
            --mixout -1                   | --mixout must be from 0 to less than 1 (0.9 is usual), not -1.0
            --neftune-noise-alpha -1      | --neftune-noise-alpha must be 0 or more (5 is usual), not -1.0
            --loss supervised_contrastive --loss-args temperature=0 | --loss-args of supervised_contrastive: temperature must be more than 0, not 0.0
            --loss supervised_contrastive --loss-args lambda=2 | --loss-args of supervised_contrastive: lambda must be from 0 to 1, not 2.0
            --loss supervised_contrastive --mixup 0.2 | --mixup 0.2 goes with --loss cross_entropy, not with supervised_contrastive
            --mixup 2                     | --mixup must be from 0 to 1 (0.2 is usual), not 2.0
            --mixup 0.2 --loss focal      | --mixup 0.2 goes with --loss cross_entropy, not with focal
            --metric-for-best-model f1    | --metric-for-best-model must be one of loss, accuracy, balanced_accuracy, macro_f1, weighted_f1, mcc, log_loss, calibration_error for --task single-label, not 'f1'
            --metric-for-best-model loss  | --metric-for-best-model has no effect with --strategy auto; leave it out
            --early-stopping-patience 1 --strategy full --validation-share 0 | --early-stopping-patience has no effect with --strategy full and --validation-share 0
            --lr-scheduler-type reduce_lr_on_plateau | goes by the validation loss, but with --strategy auto no rows are held out
            --strategy head --loss focal --optim sgd --epochs 3 | --epochs, --optim, --loss have no effect with --strategy head; leave them out
            --strategy zero-shot --mixup 0.2 | --mixup has no effect with --strategy zero-shot
            --strategy few-shot --label-smoothing 0.1 | --label-smoothing has no effect with --strategy few-shot
            --strategy ulmfit --layer-decay 0.9 | --layer-decay has no effect with --strategy ulmfit
            --strategy full --warmup-ratio 0.2 --warmup-steps 2 | --warmup-ratio has no effect with --strategy full
            --ensemble head,zero-shot --epochs 3 | --epochs has no effect with --ensemble head,zero-shot
            --ensemble head,full --budget 3 | --budget goes with --strategy auto, which --ensemble does not follow
            --ensemble head,full --strategy lora | --ensemble head,full names its strategies, --strategy lora another
            --test @rows.csv --test-share 0.3 | --test-share holds rows out where there is no --test
            --weight-decay -1             | --weight-decay must be from 0 to less than 1, not -1.0
            --label-smoothing 1           | --label-smoothing must be from 0 to less than 1, not 1.0
            --dropout 1                   | --dropout must be from 0 to less than 1, not 1.0
            --gradient-accumulation 0     | --gradient-accumulation must be 1 or more, not 0
            --max-grad-norm -1            | --max-grad-norm must be 0 or more, not -1.0
            --max-grad-norm NaN           | --max-grad-norm must be 0 or more, not NaN
            --early-stopping-patience -1  | --early-stopping-patience must be 0 or more, not -1
            --batch-size 0                | --batch-size must be 1 or more, not 0
            --max-length 1                | --max-length must be 8 tokens or more, not 1
            --max-length 100000           | --max-length must be 512 or less, not 100000: the model has embeddings for that many
            --threads -1                  | --threads must be 0 or more, not -1
            --validation-share 0.5 --test-share 0.5 | --validation-share (0.5) and --test-share (0.5) must be 0 or more
            --validation-share -0.1       | --validation-share (-0.1) and --test-share (0.2) must be 0 or more
            --strategy full --weight-averaging wise-ft --validation-share 0 | --validation-share must be more than 0 for --strategy full
            --weight-averaging swa        | --weight-averaging goes with a strategy that trains weights
            --test-share NaN              | less than 1 together
            --strategy ful                | There is no strategy 'ful'; known are auto, full, head, layered, gradual, ulmfit, lp-ft, bitfit, lora, dora, ia3, bottleneck, zero-shot, few-shot; did you mean 'full'?
            --weight-averaging mean       | --weight-averaging must be one of none, swa, ema, wise-ft, not 'mean'
            --weight-averaging ema --strategy head | --weight-averaging ema averages weights that are trained step by step
            --strategy lora --lora-rank 0 | --lora-rank must be 1 or more, not 0; 8 is usual
            --strategy lora --lora-rank 1000 | --lora-rank 1000 is larger than 'encoder.layer.0.attention.self.query', whose weight is 384 × 384; give 384 at most
            --strategy dora --lora-alpha 0 | --lora-alpha must be more than 0, not 0.0; 16 is usual
            --strategy lora --lora-dropout 1 | --lora-dropout must be 0 or more and below 1, not 1.0
            --strategy lora --lora-target-modules querry,valeu | names [querry, valeu], but no linear layer of the model is called so; there are [classifier, dense, key, query, value]; did you mean 'query'?
            --strategy lora --lora-target-modules query, | must be names of layers apart by commas
            --strategy lora --lora-target-modules scope(**/nothing) | No product with a weight lies where the adapter is to go
            --strategy full --lora-rank 4 | --strategy full reads none that was given
            --strategy lora --adapter-width 4 | --strategy lora reads none that was given
            --strategy bottleneck --adapter-width 0 | --adapter-width must be 1 or more, not 0
            --strategy bottleneck --adapter-width 999 | is no bottleneck behind 'encoder.layer.0.attention.output.dense', which gives out 384 values
            --strategy bottleneck --adapter-placement houlsy | must be houlsby or pfeiffer, not 'houlsy'; did you mean 'houlsby'?
            --strategy full --save-adapter @a | --save-adapter goes with --strategy lora, dora, ia3 or bottleneck; --strategy full trains no adapter
            --strategy full --keep-adapter | --keep-adapter goes with --strategy lora
            --strategy lora --save-adapter @model/a | must be two folders of which none lies in the other
            --strategy lora --save-adapter @full | full is there already; remove it
            --strategy lora --adapter @no | There is no adapter
            --unlabelled @no.txt          | There is no file
            --pretrain-epochs 2           | --pretrain-epochs goes with --unlabelled, a file of texts to learn from
            --unlabelled @file --pretrain-epochs 0 | --pretrain-epochs must be 1 or more, not 0
            --ensemble 1                  | --ensemble must be a number of seeds, 2 to 20, or two strategies or more
            --ensemble 100                | --ensemble must be a number of seeds, 2 to 20
            --ensemble head,head          | each once, such as head,full; not 'head,head'
            --ensemble head,hed           | There is no strategy 'hed'
            --strategy full --ensemble 2 --epochs 0 | --epochs must be 1 or more, not 0
            --ensemble 2                  | auto chooses one of them
            --strategy auto --epochs 0    | --epochs must be 1 or more, not 0
            --strategy auto --keep-adapter | --strategy auto trains no adapter
            --strategy auto --lora-rank 4 | --strategy auto reads none that was given
            --cache-size much             | '--cache-size': 'much' is no size, such as 500MB or 4GB
            --layer-decay 0               | --layer-decay must be more than 0 and at most 1, not 0.0; 0.95 is usual
            --head-learning-rate 2        | --head-learning-rate must be 0 (that of the rest) or more and below 1, not 2.0
            --model minilmm               | or hf:owner/name; did you mean 'minilm'?
            --device cuda                 | --device cuda is not possible: this version carries no GPU libraries
            --device tpu                  | --device must be auto, cpu or cuda, not 'tpu'
            --precision int3              | --precision must be auto, fp32 or bf16, not 'int3'
            --test @no.csv                | There is no file
            """)
    void wrongOptionsOfTrainAreRefused(String options, String message) {
        Ran.in(folder, "train @rows.csv --output @model " + options).isRefusedWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            @full                | full is there already; remove it, or choose another with --output
            @full --force        | full is there already; remove it, or choose another with --output
            @file                | file is there already; remove it
            @file --force        | file is there already; remove it
            @file/model          | file is a file, not a folder
            /proc/model          | Cannot write to /proc/model: the folder /proc takes no new files
            /                    | --output must name a folder to be made, not /
            """)
    void anOutputThatCannotBeMadeIsRefusedBeforeTheWork(String output, String message) {
        Ran ran = Ran.in(folder, "train @rows.csv --output " + output);
        ran.isRefusedWith(message);
        assertThat(ran.messages()).doesNotContain("epoch");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            epoch: 3             | c.yaml: 'epoch' is no option of graft train; did you mean 'epochs'?
            epochs: [1, 2]       | c.yaml: 'epochs' must have one value, not [1,2]
            epochs: {a: 1}       | c.yaml: 'epochs' must have one value, not {"a":1}
            "epochs:"            | c.yaml: 'epochs' must have one value, not none
            epochs: many         | '--epochs': 'many' is not a whole number
            epochs: [1           | c.yaml is not a YAML file of options, one 'name: value' a line
            just text            | c.yaml is not a YAML file of options, one 'name: value' a line, but holds "just text"
            - 1                  | c.yaml is not a YAML file of options, one 'name: value' a line, but holds [1]
            """)
    void wrongConfigurationsAreRefused(String yaml, String message) throws IOException {
        Files.writeString(folder.resolve("c.yaml"), yaml + "\n");
        Ran.in(folder, "train @rows.csv --output @model --config @c.yaml").isRefusedWith(message);
    }

    @Test
    void aConfigurationMustBeAFile() {
        Ran.in(folder, "train @rows.csv --config @no.yaml").isRefusedWith("There is no configuration file", "no.yaml");
        Ran.in(folder, "train @rows.csv --config @empty").isRefusedWith("There is no configuration file", "empty");
    }

    @Test
    void anEmptyConfigurationSetsNothing() throws IOException {
        Files.writeString(folder.resolve("c.yaml"), "");
        assertThat(Ran.in(folder, "train @rows.csv --print-config --config @c.yaml")
                        .answer())
                .contains("max-length: 128\n");
    }

    @Test
    void aPrintedConfigurationIsReadBack() throws IOException {
        Ran first = Ran.in(folder, "train @rows.csv --print-config --epochs 7 --precision fp32");
        assertThat(first.exitCode()).isZero();
        Files.writeString(folder.resolve("c.yaml"), first.answer());
        Ran second = Ran.in(folder, "train --print-config --config @c.yaml");
        assertThat(second.answer()).isEqualTo(first.answer()).contains("epochs: 7\n");
        assertThat(Ran.in(folder, "predict b a --print-config --text question").answer())
                .contains("text: \"question\"", "batch-size: 32");
    }

    @Test
    void theProgramAloneSaysHowToBegin() {
        Ran.in(folder, "").isRefusedWith("no command given", "'graft --help' shows what it takes");
    }

    @Test
    void helpBeginsWithAnExampleAndEndsWell() {
        for (String line : new String[] {"help train", "train --help"}) {
            Ran help = Ran.in(folder, line);
            assertThat(help.exitCode()).isZero();
            assertThat(help.answer()).startsWith("Example: graft train examples/support.csv --output support-model\n");
            assertThat(help.messages()).isEmpty();
        }
        assertThat(Ran.in(folder, "help").answer()).contains("train     Fine-tunes a pretrained model");
    }

    @Test
    void theVersionIsTold() {
        Ran version = Ran.in(folder, "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.answer()).startsWith("graft ");
    }
}
