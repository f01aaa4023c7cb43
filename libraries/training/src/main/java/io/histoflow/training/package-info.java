/** Training and fine-tuning of ClinSegNet. */
package io.histoflow.training;
