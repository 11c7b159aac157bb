package dev.graft.train;

import java.util.ArrayList;
import java.util.List;

/** Factors of the learning rate by depth: embeddings first, then the blocks, then the head. */
final class DepthFactors {
    private static final List<Double> ULMFIT = List.of(0.1, 0.25, 0.5);

    private DepthFactors() {}

    /** What a recipe's decay and its rate of the head come to; empty where all depths share one rate. */
    static List<Double> of(Recipe recipe, int blocks) {
        double head = recipe.headLearningRate() > 0 ? recipe.headLearningRate() / recipe.learningRate() : 1;
        if (head == 1 && recipe.layerDecay() == 1 || blocks == 0) {
            return List.of();
        }
        List<Double> factors = new ArrayList<>();
        for (int depth = 0; depth <= blocks; depth++) {
            factors.add(Math.pow(recipe.layerDecay(), blocks - depth));
        }
        factors.add(head);
        return factors;
    }

    /** ULMFiT's factors (Howard and Ruder 2018): 1 for the head, then 0.5, 0.25 and 0.1 for each third of the blocks. */
    static List<Double> ulmfit(int blocks) {
        List<Double> factors = new ArrayList<>();
        factors.add(ULMFIT.get(0));
        for (int block = 1; block <= blocks; block++) {
            int fromTop = blocks - block;
            factors.add(ULMFIT.get(ULMFIT.size() - 1 - fromTop * ULMFIT.size() / blocks));
        }
        factors.add(1.0);
        return factors;
    }
}
