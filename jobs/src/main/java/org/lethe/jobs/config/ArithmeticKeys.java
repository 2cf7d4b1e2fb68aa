package org.lethe.jobs.config;

import java.util.OptionalDouble;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.model.Adapter;
import org.lethe.model.arithmetic.ModuleArithmetic;
import org.lethe.reveal.search.WeightSearch;

/**
 * What lethe.reveal.release says of adapter arithmetic.
 *
 * @param arithmetic how a module is taken out
 * @param retainWeight lambda_r; empty for no retain module
 * @param orthogonality weight of O-LoRA's penalty between both modules, 0 for none
 * @param search for lambda_f
 * @param lora shape of the modules
 * @param training of the modules
 */
public record ArithmeticKeys(
    ModuleArithmetic arithmetic,
    OptionalDouble retainWeight,
    double orthogonality,
    WeightSearch.Settings search,
    Adapter.Lora lora,
    TrainingSettings training) {}
