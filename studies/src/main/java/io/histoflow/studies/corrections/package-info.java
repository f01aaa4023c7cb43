/** What corrections of the tiles that routing chose are worth. */
package io.histoflow.studies.corrections;
