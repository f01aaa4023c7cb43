/** What a step of fine-tuning costs beside the bare passes that it learns by. */
package io.histoflow.loadtests.finetuning;
