package org.lethe.cluster.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.attack.AttackModel;
import org.lethe.evaluation.attack.DecoderAttackModel;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.text.Tokenizer;

/**
 * Attacks a decoder that stays in the executor between tasks, see {@link ResidentModel}. The
 * initial model and copies with other weights live for one task, and only if an attack needs them.
 *
 * @param decoder source of the weights
 * @param initial source of the initial model; equal to {@code decoder} if that is it
 * @param tokenizer tokenizer with the rendering of prompts
 */
public record AttackDecoderSource(
    PretrainedDecoder decoder, PretrainedDecoder initial, TokenizerSource tokenizer)
    implements AttackModelSource {
  @Override
  public <T> T use(Configuration hadoop, Function<AttackModel, T> work) {
    ModelDirectory directory =
        ModelDirectory.open(tokenizer.model(), ModelCache.in(tokenizer.cache(), hadoop));
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(decoder, hadoop);
        Tokenizer texts = directory.openTokenizer();
        Kept kept = new Kept(hadoop, lease.decoder());
        DecoderAttackModel model =
            new DecoderAttackModel(
                lease.decoder(),
                () -> decoder.load(hadoop),
                initial.equals(decoder) ? Optional.empty() : Optional.of(kept.supplier(initial)),
                new DecoderAttackModel.Texts(
                    tokenizer.encoder(hadoop), directory.endTokens(texts), texts::decode))) {
      T result = work.apply(model);
      lease.done(ResidentModel.Parameters.INITIAL);
      return result;
    }
  }

  /** The initial model, loaded when it is first needed. */
  private static final class Kept implements AutoCloseable {
    private final Configuration hadoop;
    private final Decoder attacked;
    private final List<Decoder> loaded = new ArrayList<>();

    Kept(Configuration hadoop, Decoder attacked) {
      this.hadoop = hadoop;
      this.attacked = attacked;
    }

    Supplier<Decoder> supplier(PretrainedDecoder source) {
      return () -> {
        if (loaded.isEmpty()) {
          loaded.add(load(source));
        }
        return loaded.get(0);
      };
    }

    /** Below LoRA factors lies the initial model, unless that has factors of its own. */
    private Decoder load(PretrainedDecoder source) {
      boolean below = attacked.adapter() instanceof Adapter.Lora && source.factors().isEmpty();
      return below ? attacked.withoutAdapter() : source.load(hadoop);
    }

    @Override
    public void close() {
      loaded.forEach(Decoder::close);
    }
  }
}
