package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.predict.Engine;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.torch.Precision;
import dev.graft.torch.Processor;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import picocli.CommandLine.Option;

/** What a bundle's answers are computed in. */
final class PrecisionOptions {
    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "fp32",
            description =
                    "Type of the numbers computed with: fp32; bf16, which is faster where the processor multiplies"
                            + " it, and rounds (default: ${DEFAULT-VALUE}).")
    private String precision = "fp32";

    /** What computes; whoever asks for what is slow here is told. */
    Engine engine(Console console) {
        return switch (precision) {
            case "fp32" -> Engine.FLOAT32;
            case "bf16" -> bfloat16(console, Processor.present());
            default -> throw new InputException("--precision must be fp32 or bf16, not '" + precision + "'");
        };
    }

    static Engine bfloat16(Console console, Processor processor) {
        if (!processor.multipliesBfloat16()) {
            console.warn(
                    "this processor has neither avx512_bf16 nor amx_bf16, so --precision bf16 takes longer than fp32");
        }
        TorchSettings settings = new TorchSettings(
                TorchSettings.defaults().device(),
                1,
                Precision.BF16,
                folder -> console.say("unpacking native libraries into " + folder + "; this happens once"));
        return Engine.rounded(
                Precision.BF16.spelled(),
                "bfloat16",
                threads -> new Torch(settings.withThreads(threads), Fusion.standard())::freeze);
    }
}
